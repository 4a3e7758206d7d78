-- Up Migration
-- What the next version of an object is judged by (STIX 2.1 §3.6), besides its instant and content.
ALTER TABLE object_version ADD COLUMN creator text;
ALTER TABLE object_version ADD COLUMN revoked boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN object_version.creator IS 'created_by_ref of the object, which alone may make new versions; NULL where it names none';
COMMENT ON COLUMN object_version.revoked IS 'The object says so of itself: there are no later versions';
