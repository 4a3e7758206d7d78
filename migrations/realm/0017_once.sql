-- Up Migration
-- Access that a change takes away ends at once: before a pass decides everything anew and tells those who lose something,
-- it looks at everything, and closes what narrows. And no change goes unseen, be it undone before anybody looked.

-- As before; of each organisation and agreement every change shows.
CREATE OR REPLACE FUNCTION standing_now() RETURNS text
LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  RETURN encode(sha256(convert_to(concat_ws(E'\n',
    coalesce((SELECT string_agg(concat_ws(' ', exporter, importer, version), ',' ORDER BY exporter, importer)
                FROM (SELECT exporter, importer, max(version) AS version FROM core.signed_policy
                       WHERE effective_from <= clock_timestamp() GROUP BY 1, 2) p), ''),
    coalesce((SELECT string_agg(concat_ws(' ', kind, proposer, partner, hash), ',' ORDER BY kind, proposer, partner, hash)
                FROM core.agreement_in_force), ''),
    (SELECT revision FROM core.directory_revision),
    coalesce((SELECT string_agg(concat_ws(' ', id, code, member, kind, sector), ',' ORDER BY id)
                FROM core.directory), '')), 'UTF8')), 'hex');
END $f$;

-- A pass goes over a producer's objects twice: first it closes, then it decides anew and tells.
ALTER TABLE reevaluation
  ADD COLUMN closing_after text,
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN closed integer NOT NULL DEFAULT 0,
  ADD CHECK (closing_after IS NULL OR after = '');
COMMENT ON COLUMN reevaluation.closing_after IS 'The id of the last object that was looked at for what narrows; NULL once all were';
COMMENT ON COLUMN reevaluation.closed IS 'How often a copy was closed to somebody before it was told';

-- Of what is closed before it is told: who keeps it after all gets it as a new entry, since cursors have gone on.
ALTER TABLE closed ADD COLUMN early boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN closed.early IS 'A pass under way has not come to it yet: it will be told, or opened';
CREATE INDEX closed_early ON closed (rendition_id) WHERE early;

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
BEGIN
  EXECUTE format('GRANT UPDATE (early) ON closed TO %I', writer);
END $$;
