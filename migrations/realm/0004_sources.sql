-- Up Migration
-- TAXII collections of other servers that are pulled into submissions.
CREATE TABLE source (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  name             text NOT NULL,
  url              text NOT NULL,
  collection       text,
  found            jsonb,
  credential       text,
  credential_kind  text NOT NULL CHECK (credential_kind IN ('none', 'basic', 'bearer')),
  tlp              text,
  recipients       text,
  every_seconds    integer NOT NULL,
  state            text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled')),
  state_reason     text,
  place            jsonb NOT NULL,
  due_at           timestamptz NOT NULL DEFAULT now(),
  leased_until     timestamptz NOT NULL DEFAULT '-infinity',
  fence            integer NOT NULL DEFAULT 0,
  failures         integer NOT NULL DEFAULT 0,
  problem          jsonb,
  pulled_at        timestamptz,
  asked_at         timestamptz,
  succeeded_at     timestamptz,
  objects          bigint NOT NULL DEFAULT 0,
  left_out         bigint NOT NULL DEFAULT 0,
  last_submission  uuid,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX source_of ON source (organisation_id);
COMMENT ON COLUMN source.credential IS 'Sealed; null where the server is asked without one';
COMMENT ON COLUMN source.found IS 'The collection, once the server was reached';
COMMENT ON COLUMN source.asked_at IS 'Somebody wanted it pulled then: after a pull that had begun before, it is pulled once more';
COMMENT ON COLUMN source.place IS 'Where to go on: everything before it is in a submission that is durable';
COMMENT ON COLUMN source.fence IS 'Goes up when a worker takes it, and when it is paused: an older worker keeps nothing more';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON source TO %I', 'app_write_' || current_schema());
END $$;
