-- +goose Up
-- The desk lists what is open by due date, the oldest first.
CREATE INDEX item_due ON item (company, due, id) WHERE open <> 0;
