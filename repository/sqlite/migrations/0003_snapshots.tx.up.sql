-- Versions as snapshots: who made, deployed and put them away, what they are called, and what they have to say.
ALTER TABLE releases ADD COLUMN uuid         TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN tag          TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN notes        TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN cause        TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN previous     TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN facts        TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN archived     INTEGER NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN activations  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE releases ADD COLUMN created_by   TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN updated_by   TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN activated_at INTEGER;
ALTER TABLE releases ADD COLUMN activated_by TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN archived_at  INTEGER;
ALTER TABLE releases ADD COLUMN archived_by  TEXT    NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN healthy_at   INTEGER;

ALTER TABLE release_contents ADD COLUMN change_log TEXT;

UPDATE releases SET uuid = lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' || substr(hex(randomblob(2)), 2) || '-' ||
  substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));

CREATE UNIQUE INDEX releases_uuid ON releases (uuid) WHERE uuid <> '';
CREATE UNIQUE INDEX releases_tag ON releases (space, name, tag) WHERE tag <> '';
CREATE INDEX releases_shown ON releases (space, name, version) WHERE archived = 0;

-- What is deployed of a key is quick to find however many versions it has.
CREATE INDEX releases_deployed ON releases (space, name, version) WHERE stage = 'deployed';

-- What is kept of a release key besides its versions.
CREATE TABLE release_keys (
  space   TEXT    NOT NULL,
  name    TEXT    NOT NULL,
  uuid    TEXT    NOT NULL DEFAULT '',
  highest INTEGER NOT NULL DEFAULT 0, -- of the versions that were discarded
  PRIMARY KEY (space, name)
) STRICT;

CREATE UNIQUE INDEX release_keys_uuid ON release_keys (uuid) WHERE uuid <> '';

CREATE TABLE release_checks (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid        TEXT    NOT NULL UNIQUE,
  release_id  INTEGER NOT NULL REFERENCES releases (id) ON DELETE CASCADE,
  context     TEXT    NOT NULL,
  state       TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  description TEXT    NOT NULL,
  target_url  TEXT    NOT NULL,
  image_url   TEXT    NOT NULL,
  created_at  INTEGER,
  updated_at  INTEGER,
  UNIQUE (release_id, context)
) STRICT;

-- Queued operations are open, but the lock of the engine is for the one of a key that is under way.
ALTER TABLE operations ADD COLUMN activation TEXT NOT NULL DEFAULT 'null'; -- JSON

DROP INDEX operations_open;
CREATE UNIQUE INDEX operations_running ON operations (space, name) WHERE phase <> 'done' AND phase <> 'queued';
CREATE INDEX operations_open ON operations (space, name) WHERE phase <> 'done';

ALTER TABLE packages ADD COLUMN uuid       TEXT NOT NULL DEFAULT '';
ALTER TABLE packages ADD COLUMN created_at INTEGER;

UPDATE packages SET uuid = package_uuid(repository_name, name, version);

CREATE INDEX packages_uuid ON packages (uuid);

-- What hooks are told: one row for each notice and hook.
CREATE TABLE deliveries (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  uuid        TEXT    NOT NULL UNIQUE,
  hook        TEXT    NOT NULL,
  event       TEXT    NOT NULL,
  space       TEXT    NOT NULL,
  name        TEXT    NOT NULL,
  body        BLOB    NOT NULL,
  state       TEXT    NOT NULL,
  attempts    INTEGER NOT NULL,
  next_at     INTEGER,
  status      INTEGER NOT NULL,
  error       TEXT    NOT NULL,
  created_at  INTEGER,
  ended_at    INTEGER,
  owner       TEXT    NOT NULL,
  lease_until INTEGER
) STRICT;

CREATE INDEX deliveries_due ON deliveries (next_at) WHERE state = 'pending';
CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE state <> 'pending';
CREATE INDEX deliveries_state ON deliveries (state);
