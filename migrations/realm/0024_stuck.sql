-- How often in a row an object could not be decided anew: it is closed to all but its producer, and tried again at `at`.
ALTER TABLE reevaluation_due ADD COLUMN failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0);
CREATE INDEX reevaluation_due_failed ON reevaluation_due (producer, stix_id) WHERE failures > 0;
