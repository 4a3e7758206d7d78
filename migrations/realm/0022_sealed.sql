-- Up Migration
-- What later decisions rest on is committed to where it was said, and sealed where it was said anew.

-- 1: entries of the version commit to its id, its name and its content. 2: to all that it was first stated as.
ALTER TABLE object_version
  ADD COLUMN form smallint NOT NULL DEFAULT 1,
  ADD COLUMN first_said text,
  ADD COLUMN seal bytea;
COMMENT ON COLUMN object_version.first_said IS 'Canonical JSON of what its originator said of it at first: to whom, within which limits, whether of a victim; NULL where it says the same by now';
COMMENT ON COLUMN object_version.seal IS 'Of what it says by now, where that is something else: keyed hash under the realm''s key';
