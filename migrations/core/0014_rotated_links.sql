-- Up Migration
-- A link that was rotated has its successor: it is rotated no more, and beside it counts as one.

ALTER TABLE export_link ADD COLUMN rotated_at timestamptz;
COMMENT ON COLUMN export_link.rotated_at IS 'When another key was made for the same; its own ends a day later';

GRANT UPDATE (rotated_at) ON export_link TO suar_core;
