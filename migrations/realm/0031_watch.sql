-- Up Migration
-- What organisations have and watch for: their AS numbers, networks, domains and products.

-- One row for each organisation that ever said so; nobody but the platform reads it, whose key it lies under.
CREATE TABLE watch_list (
  organisation_id integer PRIMARY KEY,
  version         integer NOT NULL CHECK (version > 0),
  sealed          text NOT NULL,
  changed_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE watch_list IS 'What organisations have, for the filter word @watch: secret to everybody else, the operator too';
COMMENT ON COLUMN watch_list.version IS 'Goes up with each change; the sealed text says it, too';
COMMENT ON COLUMN watch_list.sealed IS 'Whose it is, its version and its values, encrypted under the realm''s key';

ALTER TABLE watch_list ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
  reader text := 'app_read_' || current_schema();
  tail   text := 'log_tail_' || current_schema();
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON watch_list TO %I', writer);
  EXECUTE format('GRANT SELECT ON watch_list TO %I, %I', reader, tail);
  EXECUTE format('CREATE POLICY writer ON watch_list TO %I USING (true) WITH CHECK (true)', writer);
  EXECUTE format('CREATE POLICY tail ON watch_list FOR SELECT TO %I USING (true)', tail);
  EXECUTE format($p$CREATE POLICY own ON watch_list FOR SELECT TO %I
    USING (organisation_id = (SELECT current_setting('app.organisation')::integer))$p$, reader);
END $$;
