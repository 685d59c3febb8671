-- Package versions on their way to being released, with what they are made of.
CREATE TABLE package_versions (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  package      TEXT    NOT NULL,
  version      TEXT    NOT NULL,
  stage        TEXT    NOT NULL,
  title        TEXT    NOT NULL,
  tag          TEXT    NOT NULL,
  notes        TEXT    NOT NULL,
  author       TEXT    NOT NULL,
  metadata     TEXT    NOT NULL,
  imported     INTEGER NOT NULL,
  images       TEXT    NOT NULL, -- JSON
  dependencies TEXT    NOT NULL, -- JSON
  created_at   INTEGER,
  stored_at    INTEGER,
  stored_by    TEXT    NOT NULL,
  released_at  INTEGER,
  released_by  TEXT    NOT NULL,
  package_id   INTEGER NOT NULL,
  UNIQUE (package, version)
) STRICT;

-- Which versions need which others.
CREATE TABLE package_dependencies (
  package    TEXT    NOT NULL,
  version    TEXT    NOT NULL,
  version_id INTEGER NOT NULL REFERENCES package_versions (id) ON DELETE CASCADE,
  PRIMARY KEY (package, version, version_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX package_dependencies_version ON package_dependencies (version_id);

CREATE TABLE artifacts (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  version_id  INTEGER NOT NULL REFERENCES package_versions (id) ON DELETE CASCADE,
  name        TEXT    NOT NULL,
  platform    TEXT    NOT NULL,
  size        INTEGER NOT NULL,
  sha256      TEXT    NOT NULL,
  source      TEXT    NOT NULL,
  executable  INTEGER,
  arguments   TEXT,
  metadata    TEXT    NOT NULL,
  state       TEXT    NOT NULL,
  received    INTEGER NOT NULL,
  actual      TEXT    NOT NULL,
  error       TEXT    NOT NULL,
  attempts    INTEGER NOT NULL,
  next_at     INTEGER,
  owner       TEXT    NOT NULL,
  lease_until INTEGER
) STRICT;

CREATE INDEX artifacts_version ON artifacts (version_id);
CREATE INDEX artifacts_due ON artifacts (next_at) WHERE state IN ('pending', 'uploading');
CREATE INDEX artifacts_actual ON artifacts (actual) WHERE actual <> '';
