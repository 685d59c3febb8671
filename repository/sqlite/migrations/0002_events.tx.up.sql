-- The log of what happened. The oldest rows leave it, the newest never does, so that ids are not used again.
CREATE TABLE events (
  id            INTEGER PRIMARY KEY,
  space         TEXT    NOT NULL,
  name          TEXT    NOT NULL,
  kind          TEXT    NOT NULL,
  version       INTEGER NOT NULL,
  at            INTEGER,
  detail        TEXT    NOT NULL,
  stage         TEXT    NOT NULL,
  operation_id  INTEGER NOT NULL, -- 0 for none
  change        TEXT    NOT NULL, -- the operation's kind
  phase         TEXT    NOT NULL,
  outcome       TEXT    NOT NULL,
  application   TEXT    NOT NULL,
  deployment_id TEXT    NOT NULL,
  state         TEXT    NOT NULL
) STRICT;
