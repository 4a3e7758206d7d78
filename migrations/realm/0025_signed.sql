-- Up Migration
-- What was taken back of TLP:RED owes a word, as every recall does: its reader says that it was understood, and its sender
-- sees who has. The word about the withdrawal is another than the word about the letter.
ALTER TABLE inbox_acknowledgement
  ADD COLUMN of_withdrawal boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT inbox_acknowledgement_pkey,
  ADD PRIMARY KEY (item_id, of_withdrawal);
COMMENT ON COLUMN inbox_acknowledgement.of_withdrawal IS 'Of its being taken back, and not of the letter';

-- Whoever read what is over may have kept it: taken back, it stands in the inbox again, without its content.
DO $$
BEGIN
  EXECUTE format($p$ALTER POLICY own ON inbox_item TO %I
    USING (person = (SELECT current_setting('app.person')::uuid) AND inbox = (SELECT current_setting('app.inbox')::uuid)
           AND (expires IS NULL OR expires > now() OR withdrawn_at IS NOT NULL))$p$, 'app_inbox_' || current_schema());
END $$;
