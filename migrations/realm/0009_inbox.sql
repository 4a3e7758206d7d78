-- Up Migration
-- TLP:RED: what is addressed to people and read in their own inboxes alone (DESIGN 3).
-- Written by gate (inbox_item, inbox_object) and exchange (inbox_read, inbox_acknowledgement).

-- All that one submission says to one person. The person and the inbox are core's.
CREATE TABLE inbox_item (
  id               uuid PRIMARY KEY,
  submission_id    uuid NOT NULL,
  submitter        text NOT NULL,
  producer         integer NOT NULL,
  person           uuid NOT NULL,
  inbox            uuid NOT NULL,
  organisation_id  integer NOT NULL,
  objects          integer NOT NULL,
  body             text,
  content_hash     bytea NOT NULL,
  rendition_id     bigint NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  withdrawn_at     timestamptz,
  UNIQUE (submission_id, inbox),
  CHECK ((body IS NULL) = (withdrawn_at IS NOT NULL))
);
ALTER TABLE inbox_item ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX inbox_item_of ON inbox_item (inbox, created_at DESC);
CREATE INDEX inbox_item_sent ON inbox_item (producer, submitter, created_at DESC);
COMMENT ON COLUMN inbox_item.submitter IS 'As actorOf() writes it: whoever else is of the same organisation does not learn of it';
COMMENT ON COLUMN inbox_item.body IS 'A JSON list of objects, readable through open_inbox_item() alone; gone once it is withdrawn';
COMMENT ON COLUMN inbox_item.rendition_id IS 'Of the entry in the log, which says nothing and is shown to nobody';

-- What its submitter has said to a person: said again, it is nothing new.
CREATE TABLE inbox_object (
  item_id  uuid NOT NULL REFERENCES inbox_item (id),
  stix_id  text NOT NULL,
  said     bytea NOT NULL,
  PRIMARY KEY (item_id, stix_id, said)
);
CREATE INDEX inbox_object_stix_id ON inbox_object USING hash (stix_id);

CREATE TABLE inbox_read (
  id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  item_id  uuid NOT NULL REFERENCES inbox_item (id),
  person   uuid NOT NULL,
  session  text NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX inbox_read_item ON inbox_read (item_id, at DESC);

CREATE TABLE inbox_acknowledgement (
  item_id  uuid PRIMARY KEY REFERENCES inbox_item (id),
  person   uuid NOT NULL,
  at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The one way to a body: it is given with the record that it was read, or not at all. It looks by itself who asks,
-- since it runs as the tables' owner.
CREATE FUNCTION open_inbox_item(wanted uuid, session text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $f$
DECLARE
  reader CONSTANT uuid := current_setting('app.person')::uuid;
  found text;
BEGIN
  SELECT body INTO found FROM inbox_item
   WHERE id = wanted AND person = reader AND inbox = current_setting('app.inbox')::uuid AND withdrawn_at IS NULL
     FOR SHARE;
  IF found IS NOT NULL THEN
    INSERT INTO inbox_read (item_id, person, session) VALUES (wanted, reader, open_inbox_item.session);
  END IF;
  RETURN found;
END $f$;

ALTER TABLE inbox_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox_read ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox_acknowledgement ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
  realm   text := current_schema();
  writer  text := 'app_write_' || current_schema();
  person  text := 'app_inbox_' || current_schema();
  own     text;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', realm, person);
  -- The writer puts bodies in and takes them away, and reads none.
  EXECUTE format('GRANT INSERT, UPDATE (body, withdrawn_at) ON inbox_item TO %I', writer);
  EXECUTE format($g$GRANT SELECT (id, submission_id, submitter, producer, person, inbox, organisation_id, objects,
    content_hash, rendition_id, created_at, withdrawn_at) ON inbox_item TO %I$g$, writer);
  EXECUTE format('GRANT SELECT, INSERT ON inbox_object TO %I', writer);
  EXECUTE format('GRANT SELECT ON inbox_read, inbox_acknowledgement TO %I', writer);

  EXECUTE format('GRANT SELECT (id, producer, person, inbox, objects, created_at, withdrawn_at) ON inbox_item TO %I', person);
  EXECUTE format('GRANT SELECT ON inbox_read TO %I', person);
  EXECUTE format('GRANT SELECT, INSERT ON inbox_acknowledgement TO %I', person);
  EXECUTE format('ALTER FUNCTION open_inbox_item(uuid, text) SET search_path = %I', realm);
  REVOKE ALL ON FUNCTION open_inbox_item(uuid, text) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION open_inbox_item(uuid, text) TO %I', person);

  FOREACH own IN ARRAY ARRAY['inbox_item', 'inbox_read', 'inbox_acknowledgement'] LOOP
    EXECUTE format('CREATE POLICY writer ON %I TO %I USING (true) WITH CHECK (true)', own, writer);
  END LOOP;
  -- An unset setting raises an error: the reader fails closed.
  EXECUTE format($p$CREATE POLICY own ON inbox_item FOR SELECT TO %I
    USING (person = (SELECT current_setting('app.person')::uuid) AND inbox = (SELECT current_setting('app.inbox')::uuid))$p$, person);
  FOREACH own IN ARRAY ARRAY['inbox_read', 'inbox_acknowledgement'] LOOP
    EXECUTE format($p$CREATE POLICY own ON %I TO %I
      USING (person = (SELECT current_setting('app.person')::uuid) AND EXISTS (SELECT FROM inbox_item i WHERE i.id = item_id))
      WITH CHECK (person = (SELECT current_setting('app.person')::uuid) AND EXISTS (SELECT FROM inbox_item i WHERE i.id = item_id))$p$,
      own, person);
  END LOOP;
END $$;
