-- Up Migration
-- Beside TAXII collections: feeds of MISP, files at an address, and folders into which mail is dropped.
ALTER TABLE source
  ADD COLUMN kind text NOT NULL DEFAULT 'taxii' CHECK (kind IN ('taxii', 'misp', 'url', 'mailbox')),
  ADD COLUMN folder text,
  ADD COLUMN format text,
  ADD COLUMN returned bigint NOT NULL DEFAULT 0,
  ALTER COLUMN url DROP NOT NULL,
  ADD CHECK ((kind = 'mailbox') = (url IS NULL)),
  ADD CHECK ((kind = 'mailbox') = (folder IS NOT NULL));
COMMENT ON COLUMN source.folder IS 'Below the organisation''s own folder of the operator''s';
COMMENT ON COLUMN source.format IS 'What its file is read as; null where its content says so';
COMMENT ON COLUMN source.returned IS 'What came round again: it was said here before, and is not said again';
-- Of two that took from one folder both might submit a message.
CREATE UNIQUE INDEX source_folder ON source (organisation_id, folder) WHERE folder IS NOT NULL;

-- What was pulled of each event of a feed, so that only what changed is asked for.
CREATE TABLE source_event (
  source_id  uuid NOT NULL REFERENCES source (id) ON DELETE CASCADE,
  event      uuid NOT NULL,
  entry      bytea NOT NULL,
  content    bytea,
  tried_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source_id, event)
);
COMMENT ON COLUMN source_event.entry IS 'Hash of what the manifest said of it';
COMMENT ON COLUMN source_event.content IS 'Hash of the event; null where it could not be taken: it is asked for again';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON source_event TO %I', 'app_write_' || current_schema());
END $$;
