-- Up Migration
-- When an object says that it was created, which no version of it changes (STIX 2.1 §3.2).
ALTER TABLE object_version ADD COLUMN created text;
COMMENT ON COLUMN object_version.created IS 'As its producer wrote it; NULL where Suar gave it, where there is none, and for versions of before';
