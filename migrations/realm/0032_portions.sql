-- Up Migration
-- A long submission is staged, planned and released in portions, none of which names by a name of the submission's own what
-- another holds. What is staged now is one portion each.
ALTER TABLE staged
  ADD COLUMN portion   integer NOT NULL DEFAULT 0,
  ADD COLUMN outcomes  integer NOT NULL DEFAULT 0;
ALTER TABLE staged DROP CONSTRAINT staged_pkey, ADD PRIMARY KEY (submission_id, portion, phase, page);
COMMENT ON COLUMN staged.outcomes IS 'The first page of outcomes that staging of this portion wrote';

-- Unlogged, as `staged` is. What portions have in common: a row for each name in each of them, where there are several.
CREATE UNLOGGED TABLE staged_name (
  submission_id  uuid NOT NULL,
  portion        integer NOT NULL,
  name           uuid NOT NULL,
  tlp            smallint NOT NULL,
  pap            smallint NOT NULL,
  flags          integer NOT NULL,
  PRIMARY KEY (submission_id, name, portion)
);
COMMENT ON COLUMN staged_name.name IS 'Hash of an id, or of the key of an address';
COMMENT ON COLUMN staged_name.tlp IS 'The place of its level, 0 where it has none; in the end the strictest of all portions';
COMMENT ON COLUMN staged_name.flags IS '1: under a marking that is not known; 2: a victim''s; 4: called so outright';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON staged_name TO %I', 'app_write_' || current_schema());
END $$;
