-- Up Migration
-- Objects that name each other in a circle too large for one transaction are counted from one to the next: how often in a row
-- one was decided anew in what follows from another.
ALTER TABLE reevaluation_due ADD COLUMN times integer NOT NULL DEFAULT 0 CHECK (times >= 0);
COMMENT ON COLUMN reevaluation_due.times IS 'How often in a row it was decided anew since others were; what names others stops to at some time';

-- Who has something due is found by as many steps as there are producers, and all that is due of an object at once.
CREATE INDEX reevaluation_due_at ON reevaluation_due (producer, at);
CREATE INDEX reevaluation_due_of ON reevaluation_due (producer, stix_id);

COMMENT ON COLUMN pending_release.settled_seal IS 'That all had agreed who were asked, and that the very same was decided then: keyed hash under the realm''s key. NULL for whatever ended otherwise, and for what was approved before this column until the log has shown that it went out so';
