-- Up Migration
-- What was handed to whom over which channel, what was taken back, and who has said so.

-- Written by packages/log: 512 places of the log in a row, eight bytes each, the seconds since 1970 at which the
-- entry was handed over first and last; zeros where it was not. They repeat, so that they are stored compressed.
CREATE TABLE delivered (
  block            bigint NOT NULL,
  organisation_id  integer NOT NULL,
  channel          text NOT NULL,
  times            bytea NOT NULL DEFAULT '',
  PRIMARY KEY (block, organisation_id, channel)
) WITH (fillfactor = 70);
COMMENT ON COLUMN delivered.block IS 'seq / 512';

-- Written by packages/gate, in the transaction of the withdrawal.
CREATE TABLE recall (
  id            uuid PRIMARY KEY,
  producer      integer NOT NULL,
  stix_id       text NOT NULL,
  withdrawn_at  timestamptz NOT NULL,
  due_at        timestamptz NOT NULL,
  renditions    bigint[] NOT NULL
);
COMMENT ON COLUMN recall.renditions IS 'What its entries in the log are of; each is withdrawn once';
CREATE INDEX recall_of ON recall (producer, withdrawn_at DESC, id DESC);
CREATE INDEX recall_due ON recall (due_at);
CREATE INDEX recall_object ON recall (stix_id, producer);

CREATE TABLE recall_receiver (
  organisation_id  integer NOT NULL,
  recall_id        uuid NOT NULL REFERENCES recall (id),
  known_as         text[] NOT NULL,
  PRIMARY KEY (recall_id, organisation_id)
);
CREATE INDEX recall_receiver_of ON recall_receiver (organisation_id);
COMMENT ON COLUMN recall_receiver.known_as IS 'The ids of the copies that it was sent: it knows of no other';

-- Written by exchange.
CREATE TABLE recall_acknowledgement (
  recall_id        uuid NOT NULL,
  organisation_id  integer NOT NULL,
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  by               text NOT NULL,
  PRIMARY KEY (recall_id, organisation_id),
  FOREIGN KEY (recall_id, organisation_id) REFERENCES recall_receiver (recall_id, organisation_id)
);

-- Written by response: 1 at half of the time, 2 at the end of it.
CREATE TABLE recall_reminder (
  recall_id        uuid NOT NULL,
  organisation_id  integer NOT NULL,
  stage            smallint NOT NULL CHECK (stage IN (1, 2)),
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (recall_id, organisation_id, stage),
  FOREIGN KEY (recall_id, organisation_id) REFERENCES recall_receiver (recall_id, organisation_id)
);

-- What TAXII serves of an object that was withdrawn: a version of it that says so (STIX 2.1 §3.2, revoked).
ALTER TABLE rendition ADD COLUMN revocation text;
ALTER TABLE rendition ADD COLUMN revocation_rank bigint;
COMMENT ON COLUMN rendition.revocation IS 'NULL where STIX allows none, or the withdrawal is older than this column';

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON delivered TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT ON recall, recall_receiver, recall_acknowledgement, recall_reminder TO %I', writer);
END $$;
