-- Up Migration
-- A request that ended otherwise cannot be set to `approved` afterwards: that it was let go is sealed when it is.
ALTER TABLE pending_release ADD COLUMN settled_seal text;
COMMENT ON COLUMN pending_release.settled_seal IS 'That all had agreed who were asked, and that the very same was decided then: keyed hash under the realm''s key. NULL for whatever ended otherwise, and for what was approved before this column: that is asked anew when it is decided anew';

-- What was handed to one organisation, in the order of the log: for the organisation itself, which alone knows what came.
CREATE INDEX delivered_to ON delivered (organisation_id, block);
