-- +goose Up
-- When something was last done for the house itself, a backup: what an operator is told of when it is late.
CREATE TABLE upkeep (
  what TEXT PRIMARY KEY,
  at BIGINT NOT NULL
);
