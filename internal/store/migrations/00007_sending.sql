-- +goose Up
-- What a worker hands to a mail server: written before it does, with what the server answered before anything else is
-- handed over on that connection. What has no answer when its worker is gone may have left: it is uncertain.
CREATE TABLE handover (
  message BIGINT PRIMARY KEY,
  company BIGINT NOT NULL,
  worker TEXT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome = '' OR outcome = 'taken' OR outcome = 'not-taken'),
  reply TEXT NOT NULL DEFAULT ''
) $rowless;

-- The connections of a mail account that each worker holds, and until when they count as held.
CREATE TABLE mail_line (
  company BIGINT NOT NULL,
  account BIGINT NOT NULL,
  worker TEXT NOT NULL,
  lines INTEGER NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (account, worker)
) $rowless;

-- The instant up to which an account's allowance is spent, for those that may send so many messages a minute.
ALTER TABLE mail_account ADD COLUMN spent_until BIGINT NOT NULL DEFAULT 0;
