-- Up Migration
-- Every change of who there is can be told from no change: also one that was undone before anybody looked.

ALTER TABLE organisation ADD COLUMN revision integer NOT NULL DEFAULT 1;
COMMENT ON COLUMN organisation.revision IS 'How often the row was changed, and the change that made it';

CREATE FUNCTION count_revision() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  NEW.revision := OLD.revision + 1;
  RETURN NEW;
END $f$;
REVOKE ALL ON FUNCTION count_revision() FROM PUBLIC;
CREATE TRIGGER counted BEFORE UPDATE ON organisation FOR EACH ROW EXECUTE FUNCTION count_revision();

-- One number for all, of those who were removed, too: it goes up with every change of any.
CREATE VIEW directory_revision AS SELECT coalesce(sum(revision), 0)::bigint AS revision FROM organisation;

GRANT SELECT ON directory_revision TO suar_core;
