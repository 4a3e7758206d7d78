-- Up Migration
-- What policy decided of each entry; copies beside the version that they were made of; what waits for an approval;
-- access that ended; how many individuals were told of.

-- A decision is immutable, interned by its hash as audiences are.
CREATE TABLE decision (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash  bytea NOT NULL UNIQUE,
  body  text NOT NULL
);
COMMENT ON COLUMN decision.body IS 'Canonical JSON of what was decided, and by which rules';

ALTER TABLE unsequenced ADD COLUMN decisions integer[];
ALTER TABLE log ADD COLUMN decision_id integer;
COMMENT ON COLUMN log.decision_id IS 'NULL for what was decided before decisions were kept, and for withdrawals by the originator';

-- A copy lies in the rendition's own row, and its version knows its copies: neither has an index to keep.
ALTER TABLE rendition
  ADD COLUMN copy_of bigint,
  ADD COLUMN view bytea,
  ADD COLUMN audience_id integer,
  ADD COLUMN also smallint NOT NULL DEFAULT 0,
  ADD COLUMN closes boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN rendition.closes IS 'It tells some readers that copy_of is theirs no more; others may have that still';
COMMENT ON COLUMN rendition.copy_of IS 'The whole rendition of its version; NULL for that one itself';
COMMENT ON COLUMN rendition.view IS 'Of a copy: keyed hash of what it leaves out and renames. The same again is the same copy';
COMMENT ON COLUMN rendition.audience_id IS 'Of a copy: all that have it';
COMMENT ON COLUMN rendition.also IS 'So many renditions with the next ids have the same words, and hold none of their own';

ALTER TABLE observable ADD COLUMN also smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN observable.also IS 'So many renditions with the next ids hold the same key';

ALTER TABLE object_version
  ADD COLUMN copies bigint[],
  ADD COLUMN named text[],
  ADD COLUMN community boolean NOT NULL DEFAULT false,
  ADD COLUMN is_victims boolean NOT NULL DEFAULT false,
  ADD COLUMN kind text NOT NULL DEFAULT 'released';
COMMENT ON COLUMN object_version.audience_id IS 'All that have it whole';
COMMENT ON COLUMN object_version.copies IS 'Its redacted renditions';
COMMENT ON COLUMN object_version.named IS 'All whom its originator ever named for it';
COMMENT ON COLUMN object_version.community IS 'Its originator stated it for the community, too: naming nobody';
COMMENT ON COLUMN object_version.kind IS 'As its entries in the log have it';
COMMENT ON COLUMN object_version.is_victims IS 'A submission said that it is about a victim of an attack';

UPDATE rendition r SET copy_of = v.rendition_id, view = d.view, audience_id = d.audience_id
  FROM redaction d JOIN object_version v USING (stix_id, producer, version) WHERE r.id = d.rendition_id;
UPDATE object_version v SET copies = d.copies
  FROM (SELECT stix_id, producer, version, array_agg(rendition_id ORDER BY rendition_id) AS copies
          FROM redaction GROUP BY 1, 2, 3) d
 WHERE (v.stix_id, v.producer, v.version) = (d.stix_id, d.producer, d.version);
UPDATE object_version v SET kind = l.kind
  FROM log l WHERE l.rendition_id = v.rendition_id AND l.kind NOT IN ('released', 'withdrawn');
DROP TABLE redaction;

-- By its version or by the id that it bears: each way along indexes that there are.
CREATE VIEW redaction WITH (security_invoker = true) AS
SELECT v.producer, v.stix_id, v.version, c.view, c.stix_id AS shown_id, c.id AS rendition_id, c.audience_id
  FROM object_version v
  JOIN rendition w ON w.id = v.rendition_id AND w.stix_id = v.stix_id
  JOIN rendition c ON c.copy_of = w.id AND c.id = ANY (v.copies);

-- What a version names: what becomes of the one becomes of the other.
CREATE TABLE reference (
  name          text NOT NULL,
  rendition_id  bigint NOT NULL,
  PRIMARY KEY (name, rendition_id)
);
COMMENT ON COLUMN reference.rendition_id IS 'The whole rendition of the version that names it';
INSERT INTO reference (name, rendition_id)
SELECT DISTINCT found.id[1], v.rendition_id
  FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
       LATERAL regexp_matches(r.body, '"([a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"', 'g') AS found (id)
 WHERE v.withdrawn_at IS NULL AND found.id[1] <> v.stix_id;

-- Versions that somebody may have once others approve: nothing of them is released before.
CREATE TABLE pending_release (
  id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  producer       integer NOT NULL,
  stix_id        text NOT NULL,
  version        text NOT NULL,
  organisations  integer[] NOT NULL,
  approvers      text[] NOT NULL,
  four_eyes      boolean NOT NULL,
  decision_id    integer NOT NULL REFERENCES decision (id),
  asked_by       text NOT NULL,
  asked_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  deadline       timestamptz NOT NULL,
  state          text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'approved', 'refused', 'lapsed')),
  approvals      jsonb NOT NULL DEFAULT '[]',
  settled_at     timestamptz,
  settled_by     text,
  reason         text
);
CREATE INDEX pending_release_of ON pending_release (stix_id, producer);
CREATE INDEX pending_release_open ON pending_release (deadline) WHERE state = 'pending';
COMMENT ON COLUMN pending_release.decision_id IS 'What was asked for: an approval stands for this outcome and no other';
COMMENT ON COLUMN pending_release.asked_by IS 'On whose word it was submitted; nobody approves their own';

-- Who may see a rendition no more, although an entry was addressed to them.
CREATE TABLE closed (
  rendition_id     bigint NOT NULL,
  organisation_id  integer NOT NULL,
  PRIMARY KEY (rendition_id, organisation_id)
);

-- People whose data went from one jurisdiction to another in a year.
CREATE TABLE individual_count (
  exporter     text NOT NULL,
  importer     text NOT NULL,
  year         smallint NOT NULL,
  individuals  bigint NOT NULL,
  PRIMARY KEY (exporter, importer, year)
);

-- As before; one row of words may stand for the copies beside it.
CREATE OR REPLACE FUNCTION renditions_with_words(wanted text, wanted_type text, before bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $f$
DECLARE
  common CONSTANT integer := 5000;
  query tsquery := websearch_to_tsquery('simple', wanted);
  found bigint[] := ARRAY(SELECT id FROM rendition WHERE words IS NOT NULL AND words @@ query LIMIT common);
  own integer[] := ARRAY(SELECT audience_id FROM audience_organisation
                          WHERE organisation_id = current_setting('app.organisation')::integer);
BEGIN
  IF cardinality(found) < common THEN
    RETURN QUERY
    SELECT r.id FROM rendition head JOIN rendition r ON r.id BETWEEN head.id AND head.id + head.also
     WHERE head.id = ANY (found) AND r.id < before AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
     ORDER BY r.id DESC LIMIT most;
  ELSE
    RETURN QUERY
    SELECT r.id FROM (SELECT id, type, words, also FROM rendition WHERE id < before ORDER BY id DESC LIMIT 200000) head
      JOIN rendition r ON r.id BETWEEN head.id AND head.id + head.also
     WHERE head.words @@ query AND r.id < before AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
     ORDER BY r.id DESC LIMIT most;
  END IF;
END $f$;

ALTER TABLE closed ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
  realm   text := current_schema();
  writer  text := 'app_write_' || current_schema();
  reader  text := 'app_read_' || current_schema();
  tail    text := 'log_tail_' || current_schema();
BEGIN
  EXECUTE format('ALTER FUNCTION renditions_with_words(text, text, bigint, integer) SET search_path = %I', realm);
  EXECUTE format('GRANT SELECT, INSERT ON decision, reference, individual_count TO %I', writer);
  EXECUTE format('GRANT DELETE ON reference TO %I', writer);
  EXECUTE format('GRANT UPDATE ON individual_count TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON pending_release TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, DELETE ON closed TO %I', writer);
  EXECUTE format('GRANT SELECT ON redaction TO %I', writer);
  EXECUTE format('GRANT USAGE ON SEQUENCE decision_id_seq TO %I', writer);
  EXECUTE format('GRANT SELECT ON closed TO %I, %I', reader, tail);

  EXECUTE format('CREATE POLICY writer ON closed TO %I USING (true) WITH CHECK (true)', writer);
  EXECUTE format('CREATE POLICY tail ON closed FOR SELECT TO %I USING (true)', tail);
  EXECUTE format($p$CREATE POLICY own ON closed FOR SELECT TO %I
    USING (organisation_id = (SELECT current_setting('app.organisation')::integer))$p$, reader);
  -- What is closed to somebody is not in the log for them: neither are its body, its words and its keys, then.
  EXECUTE format($p$ALTER POLICY addressed ON log TO %I
    USING (audience_id IN (SELECT audience_id FROM audience_organisation)
           AND (SELECT true FROM closed WHERE closed.rendition_id = log.rendition_id LIMIT 1) IS NULL)$p$, reader);
  EXECUTE format($p$ALTER POLICY addressed ON observable TO %I
    USING ((SELECT true FROM log WHERE log.rendition_id BETWEEN observable.rendition_id
                                                           AND observable.rendition_id + observable.also LIMIT 1))$p$, reader);
END $$;

ALTER TABLE submission ADD COLUMN word text;
COMMENT ON COLUMN submission.word IS 'On whose word it was submitted, where that is another''s than the actor''s own';
