-- Up Migration
-- What later decisions rest on is committed to where it was said, and sealed where it was said anew.

-- 1: entries of the version commit to its id, its name and its content. 2: to all that it was first stated as.
ALTER TABLE object_version
  ADD COLUMN form smallint NOT NULL DEFAULT 1,
  ADD COLUMN first_said text,
  ADD COLUMN seal bytea;
COMMENT ON COLUMN object_version.first_said IS 'Canonical JSON of what its originator said of it at first: to whom, within which limits, whether of a victim; NULL where it says the same by now';
COMMENT ON COLUMN object_version.seal IS 'Of what it says by now, where that is something else: keyed hash under the realm''s key';

-- Of what was sent to a person: so that what the entry commits to can be worked out without anybody's reading it.
ALTER TABLE inbox_item ADD COLUMN body_sha256 bytea;
COMMENT ON COLUMN inbox_item.body_sha256 IS 'Of the body as it was sent; it stays when that is erased. NULL for what was sent before this column';
DO $$
BEGIN
  EXECUTE format('GRANT SELECT (body_sha256) ON inbox_item TO %I', 'app_write_' || current_schema());
END $$;
