-- Up Migration
-- What originators say beside the marking: what for, until when, to whom at all, and no further than those named.

ALTER TABLE object_version ADD COLUMN limits jsonb;
COMMENT ON COLUMN object_version.limits IS 'All that narrows it beside its marking; NULL where its originator said nothing of the kind';

-- From a time on closed to all but its producer: one row under organisation 0, whoever may have it.
ALTER TABLE closed
  ADD COLUMN since timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN but_for integer,
  ADD CHECK ((organisation_id = 0) = (but_for IS NOT NULL));
COMMENT ON COLUMN closed.organisation_id IS '0: all but the one of but_for';
COMMENT ON COLUMN closed.since IS 'Until then it closes nothing';
CREATE INDEX closed_since ON closed (since) WHERE organisation_id = 0;

DO $$
DECLARE
  writer  text := 'app_write_' || current_schema();
  reader  text := 'app_read_' || current_schema();
BEGIN
  EXECUTE format('GRANT UPDATE (since) ON closed TO %I', writer);
  -- The policy of the log looks for a row here, so that what is over is over at that very instant.
  EXECUTE format($p$ALTER POLICY own ON closed TO %I
    USING (since <= now() AND (organisation_id = (SELECT current_setting('app.organisation')::integer)
           OR (organisation_id = 0 AND but_for <> (SELECT current_setting('app.organisation')::integer))))$p$, reader);
END $$;

-- What people were sent ends in the same way: its submitter alone sees then that it was sent.
ALTER TABLE inbox_item ADD COLUMN expires timestamptz;

-- As before; what is over is opened no more.
CREATE OR REPLACE FUNCTION open_inbox_item(wanted uuid, session text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $f$
DECLARE
  reader CONSTANT uuid := current_setting('app.person')::uuid;
  found text;
BEGIN
  SELECT body INTO found FROM inbox_item
   WHERE id = wanted AND person = reader AND inbox = current_setting('app.inbox')::uuid AND withdrawn_at IS NULL
     AND (expires IS NULL OR expires > clock_timestamp())
     FOR SHARE;
  IF found IS NOT NULL THEN
    INSERT INTO inbox_read (item_id, person, session) VALUES (wanted, reader, open_inbox_item.session);
  END IF;
  RETURN found;
END $f$;

DO $$
DECLARE
  realm   text := current_schema();
  writer  text := 'app_write_' || current_schema();
  person  text := 'app_inbox_' || current_schema();
BEGIN
  EXECUTE format('ALTER FUNCTION open_inbox_item(uuid, text) SET search_path = %I', realm);
  EXECUTE format('GRANT SELECT (expires) ON inbox_item TO %I, %I', writer, person);
  EXECUTE format($p$ALTER POLICY own ON inbox_item TO %I
    USING (person = (SELECT current_setting('app.person')::uuid) AND inbox = (SELECT current_setting('app.inbox')::uuid)
           AND (expires IS NULL OR expires > now()))$p$, person);
END $$;

-- What a source says of all that it pulls; an end is no default.
ALTER TABLE source
  ADD COLUMN purpose text,
  ADD COLUMN no_forward boolean NOT NULL DEFAULT false,
  ADD COLUMN releasable_to text;
