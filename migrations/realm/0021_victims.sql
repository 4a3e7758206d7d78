-- Up Migration
-- Of each name that a producer called a victim's, one row, however often it says so; and apart from it why it is one, so
-- that nobody goes through all that was ever said of it.

ALTER TABLE victim RENAME TO victim_before;
ALTER TABLE victim_before RENAME CONSTRAINT victim_pkey TO victim_before_pkey;

CREATE TABLE victim (
  producer  integer NOT NULL,
  name      text NOT NULL,
  outright  boolean NOT NULL,
  live      boolean NOT NULL,
  spread    boolean NOT NULL DEFAULT true,
  PRIMARY KEY (producer, name)
);
COMMENT ON COLUMN victim.name IS 'An id, or the canonical key of an address';
COMMENT ON COLUMN victim.outright IS 'That very thing was called so; false: it was observed at a victim''s';
COMMENT ON COLUMN victim.live IS 'False once all that said so was taken back: then it holds for what was stated before alone';
COMMENT ON COLUMN victim.spread IS 'Its parts have it for their cause; false: they had a statement for theirs, from before causes were kept';

-- A row goes as soon as its cause does: where one of a name is left, that name is a victim's.
CREATE TABLE victim_cause (
  producer  integer NOT NULL,
  name      text NOT NULL,
  cause     text NOT NULL,
  PRIMARY KEY (producer, name, cause)
);
COMMENT ON COLUMN victim_cause.cause IS 'The whole rendition of what said so, or the name of the victim''s thing that it is a part of';
CREATE INDEX victim_cause_of ON victim_cause (producer, cause);

-- What was taken back says nothing beside what stands. What was called so again is gone through again, once.
INSERT INTO victim (producer, name, outright, live, spread)
SELECT v.producer, v.name, coalesce(bool_or(v.outright) FILTER (WHERE NOT r.withdrawn), bool_or(v.outright)),
       bool_or(NOT r.withdrawn), false
  FROM victim_before v JOIN rendition r ON r.id = v.rendition_id GROUP BY 1, 2;

-- What was spread to a part stood for the statement itself, and ends with it.
INSERT INTO victim_cause (producer, name, cause)
SELECT v.producer, v.name, v.rendition_id::text
  FROM victim_before v JOIN rendition r ON r.id = v.rendition_id WHERE NOT r.withdrawn;

DROP TABLE victim_before;

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON victim TO %I', 'app_write_' || current_schema());
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON victim_cause TO %I', 'app_write_' || current_schema());
END $$;
