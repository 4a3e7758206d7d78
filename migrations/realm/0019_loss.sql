-- Up Migration
-- Since when something is closed to somebody, where that was before they were told: a pass closes first and tells later,
-- and an end is told after it.

ALTER TABLE closing ADD COLUMN since timestamptz;
COMMENT ON COLUMN closing.since IS 'NULL: as of `at`';
