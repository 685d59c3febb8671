-- The mark by which the store knows its own files: the letters PRSR.
PRAGMA application_id = 0x50525352;

-- One row per version of a release, narrow enough to be scanned: what is long stands in release_contents.
-- Times are milliseconds since 1970 in UTC, NULL for none. Columns whose comment says JSON keep null apart from empty.
CREATE TABLE releases (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  space            TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  folded_name      TEXT    NOT NULL, -- the name without regard to case, for searches
  version          INTEGER NOT NULL,
  stage            TEXT    NOT NULL,
  revision         INTEGER NOT NULL,
  description      TEXT    NOT NULL,
  platform         TEXT    NOT NULL,
  package_id       INTEGER NOT NULL, -- as in package_metadata
  package_metadata TEXT    NOT NULL, -- JSON
  applications     TEXT    NOT NULL, -- JSON
  statuses         TEXT    NOT NULL, -- JSON
  created_at       INTEGER,
  updated_at       INTEGER,
  UNIQUE (space, name, version)
) STRICT;

CREATE INDEX releases_folded_name ON releases (space, folded_name);
CREATE INDEX releases_stage ON releases (space, stage);
CREATE INDEX releases_package_id ON releases (package_id);

-- Packages as they were when a release was made of them: one row for all releases of the same content.
CREATE TABLE package_contents (
  hash TEXT NOT NULL PRIMARY KEY, -- SHA-256 of body, in hexadecimal digits
  body TEXT NOT NULL              -- JSON
) STRICT;

CREATE TABLE release_contents (
  release_id      INTEGER PRIMARY KEY REFERENCES releases (id) ON DELETE CASCADE,
  package_hash    TEXT NOT NULL REFERENCES package_contents (hash),
  override_values TEXT,
  manifest        TEXT NOT NULL
) STRICT;

CREATE INDEX release_contents_package_hash ON release_contents (package_hash);

CREATE TABLE packages (
  id                 INTEGER PRIMARY KEY AUTOINCREMENT,
  revision           INTEGER NOT NULL,
  api_version        TEXT    NOT NULL,
  kind               TEXT    NOT NULL,
  name               TEXT    NOT NULL,
  folded_name        TEXT    NOT NULL,
  version            TEXT    NOT NULL,
  repository_id      INTEGER NOT NULL, -- 0 for none
  repository_name    TEXT    NOT NULL,
  origin             TEXT,
  display_name       TEXT,
  package_source_url TEXT,
  package_home_url   TEXT,
  tags               TEXT,
  maintainer         TEXT,
  description        TEXT,
  sha256             TEXT,
  icon_url           TEXT,
  UNIQUE (repository_id, name, version)
) STRICT;

CREATE INDEX packages_name ON packages (name, version);
CREATE INDEX packages_folded_name ON packages (folded_name);

-- Archives are read and written by themselves; a package without a row here was not fetched yet.
CREATE TABLE package_archives (
  package_id INTEGER PRIMARY KEY REFERENCES packages (id) ON DELETE CASCADE,
  bytes      BLOB NOT NULL
) STRICT;

CREATE TABLE repositories (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  revision    INTEGER NOT NULL,
  name        TEXT    NOT NULL UNIQUE,
  url         TEXT    NOT NULL,
  source_url  TEXT,
  local       INTEGER NOT NULL,
  description TEXT,
  repo_order  INTEGER NOT NULL
) STRICT;

CREATE TABLE operations (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  space            TEXT    NOT NULL,
  name             TEXT    NOT NULL,
  kind             TEXT    NOT NULL,
  phase            TEXT    NOT NULL,
  is_rollback      INTEGER NOT NULL,
  from_version     INTEGER NOT NULL,
  to_version       INTEGER NOT NULL,
  deploy           TEXT    NOT NULL, -- JSON
  remove           TEXT    NOT NULL, -- JSON
  scale            TEXT    NOT NULL, -- JSON
  timeout          INTEGER NOT NULL, -- nanoseconds
  deadline         INTEGER,
  cancel_requested INTEGER,
  requested_by     TEXT    NOT NULL,
  failure_reason   TEXT    NOT NULL,
  owner            TEXT    NOT NULL,
  lease_until      INTEGER,
  outcome          TEXT    NOT NULL,
  message          TEXT    NOT NULL,
  started_at       INTEGER,
  finished_at      INTEGER
) STRICT;

CREATE INDEX operations_key ON operations (space, name);

-- The lock of the engine: a key has at most one open operation.
CREATE UNIQUE INDEX operations_open ON operations (space, name) WHERE phase <> 'done';
