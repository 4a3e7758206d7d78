-- Up Migration
-- What was closed to whom, when and why: its originator is told of it, and what processes remember is held against it.

-- Written by packages/gate in the transaction that closes; never changed.
CREATE TABLE closing (
  id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rendition_id     bigint NOT NULL,
  organisation_id  integer NOT NULL,
  why              text[] NOT NULL,
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  written_in       xid8 NOT NULL DEFAULT pg_current_xact_id()
);
COMMENT ON COLUMN closing.organisation_id IS '0: all whom its entries were addressed to';
COMMENT ON COLUMN closing.why IS 'Codes; empty where nobody is told yet: where an end was set, or a pass has still to come to it';
COMMENT ON COLUMN closing.written_in IS 'Commits are not in the order of ids: whoever reads on begins where transactions were under way';
CREATE INDEX closing_of ON closing (rendition_id);
CREATE INDEX closing_written_in ON closing (written_in);

DO $$
DECLARE
  writer  text := 'app_write_' || current_schema();
  tail    text := 'log_tail_' || current_schema();
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON closing TO %I', writer);
  EXECUTE format('GRANT USAGE ON SEQUENCE closing_id_seq TO %I', writer);
  EXECUTE format('GRANT SELECT (id, rendition_id, at, written_in) ON closing TO %I', tail);
END $$;
