-- Up Migration
-- What a withdrawn object said, so that a pull can tell its echo from other content under the same id and version.
ALTER TABLE rendition ADD COLUMN said bytea;
COMMENT ON COLUMN rendition.said IS 'Of what is withdrawn and had a version: the hash of what it said (NULL where it was withdrawn before this was kept)';
