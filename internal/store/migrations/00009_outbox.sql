-- +goose Up
-- Parts of the outbox that are short beside all that was ever sent.
CREATE INDEX message_skipped ON message (company, send_on DESC, id DESC) WHERE state = 'skipped';
CREATE INDEX message_registered ON message (company, sent_on, id)
  WHERE sent_on <> '' AND channel = 'registered' AND post_state IN ('posted', 'presented');
