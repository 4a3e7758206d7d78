-- Up Migration
-- The last signature waits for what the change would have done to be worked out, unless whoever signs says not to.
ALTER TABLE policy_signature ADD COLUMN waived_diff boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN policy_signature.waived_diff IS 'Given although the diffs were not there yet, as whoever signed said';
