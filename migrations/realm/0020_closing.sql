-- Up Migration
-- Who made a change can tell when what it narrows is closed, and decisions stand on the very rows of policies that were verified.

-- As before; what shows that policies are signed is told by its revision, so that a row that was spoiled is another standing.
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
    (SELECT revision FROM core.policy_revision),
    coalesce((SELECT string_agg(concat_ws(' ', id, code, member, kind, sector), ',' ORDER BY id)
                FROM core.directory), '')), 'UTF8')), 'hex');
END $f$;

-- The standing that was last looked at for what it changes, in the transaction that began the passes after it.
CREATE TABLE noticed (
  single    boolean PRIMARY KEY DEFAULT true CHECK (single),
  standing  text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Whether something may be open yet that a change took away.
CREATE FUNCTION is_closing() RETURNS boolean
LANGUAGE sql VOLATILE AS $f$
  SELECT (SELECT standing FROM noticed) IS DISTINCT FROM standing_now()
      OR EXISTS (SELECT FROM reevaluation WHERE closing_after IS NOT NULL)
$f$;

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON noticed TO %I', writer);
  EXECUTE format('REVOKE ALL ON FUNCTION is_closing() FROM PUBLIC');
  EXECUTE format('GRANT EXECUTE ON FUNCTION is_closing() TO %I', writer);
END $$;
