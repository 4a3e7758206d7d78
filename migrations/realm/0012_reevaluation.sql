-- Up Migration
-- What is decided anew after something changed, and what originators say of their markings afterwards.

-- What decisions stand on beside the object, as one value that is another as soon as any of it is: the policies and
-- agreements in force by the clock, and who there is.
CREATE FUNCTION standing_now() RETURNS text
LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  RETURN encode(sha256(convert_to(concat_ws(E'\n',
    coalesce((SELECT string_agg(concat_ws(' ', exporter, importer, version), ',' ORDER BY exporter, importer)
                FROM (SELECT exporter, importer, max(version) AS version FROM core.signed_policy
                       WHERE effective_from <= clock_timestamp() GROUP BY 1, 2) p), ''),
    coalesce((SELECT string_agg(concat_ws(' ', kind, proposer, partner), ',' ORDER BY kind, proposer, partner)
                FROM core.agreement_in_force), ''),
    coalesce((SELECT string_agg(concat_ws(' ', id, code, member, kind, sector), ',' ORDER BY id)
                FROM core.directory), '')), 'UTF8')), 'hex');
END $f$;

-- The producer's lock, and then, as of a moment at which the lock is held, what decisions stand on: whoever changes it
-- later is followed by a pass, which waits for the lock. Each statement of a volatile function has a snapshot of its own.
CREATE FUNCTION lock_producer(realm text, producer integer, OUT standing text, OUT now_ms bigint)
LANGUAGE plpgsql VOLATILE AS $f$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('release:' || realm), producer);
  standing := standing_now();
  now_ms := extract(epoch FROM clock_timestamp()) * 1000;
END $f$;

-- Of each producer, what its releases were last decided anew under, or are being.
CREATE TABLE reevaluation (
  producer    integer PRIMARY KEY,
  standing    text NOT NULL,
  causes      text[] NOT NULL,
  after       text,
  noticed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  paged_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at timestamptz,
  decided     integer NOT NULL DEFAULT 0,
  narrowed    integer NOT NULL DEFAULT 0,
  widened     integer NOT NULL DEFAULT 0,
  CHECK ((after IS NULL) = (finished_at IS NOT NULL))
);
COMMENT ON COLUMN reevaluation.after IS 'The id of the last object that was decided anew; NULL once all are';
COMMENT ON COLUMN reevaluation.standing IS 'Policies, agreements and organisations that matter to its producer, a hash of each';
COMMENT ON COLUMN reevaluation.causes IS 'Which of them changed; empty where nothing was known of before';

-- Objects to be decided anew when a time has come.
CREATE TABLE reevaluation_due (
  at        timestamptz NOT NULL,
  producer  integer NOT NULL,
  stix_id   text NOT NULL,
  PRIMARY KEY (at, producer, stix_id)
);

-- What an originator said of a marking after it had stated the object: it holds for all versions of the id, those to come
-- too, until it says otherwise the same way.
CREATE TABLE marking (
  producer    integer NOT NULL,
  stix_id     text NOT NULL,
  tlp         text NOT NULL,
  pap         text,
  named       text[],
  community   boolean NOT NULL,
  revision    integer NOT NULL,
  changed_by  text NOT NULL,
  changed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (stix_id, producer)
);
COMMENT ON COLUMN marking.named IS 'Nobody else has it; NULL and not for the community: nothing was said of it';

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
BEGIN
  EXECUTE format('REVOKE ALL ON FUNCTION standing_now(), lock_producer(text, integer) FROM PUBLIC');
  EXECUTE format('GRANT EXECUTE ON FUNCTION standing_now(), lock_producer(text, integer) TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON reevaluation, marking TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON reevaluation_due TO %I', writer);
END $$;
