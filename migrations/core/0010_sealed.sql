-- Up Migration
-- Whoever could change a group would decide who gets what is said to it: only one that the platform itself wrote is one.

ALTER TABLE recipient_group ADD COLUMN seal bytea;
COMMENT ON COLUMN recipient_group.seal IS 'Keyed hash of the others; those of before are sealed at the next start, where they are what the seeds say';
