-- Up Migration
-- Infrastructure and domains that were called a victim's before these led on have rows like those that are called so since:
-- of what they consist and to what they resolve is a victim's with them, and receipts find what a statement tells of.

-- Who stated what leads from where to where, as far as it stands. jsonb holds no NUL: what has one says nothing here.
CREATE TEMP TABLE old_tie ON COMMIT DROP AS
SELECT r.producer, r.id AS rendition_id, b.json->>'relationship_type' AS kind, b.json->>'source_ref' AS source, b.json->>'target_ref' AS target
  FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
       LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b
 WHERE v.withdrawn_at IS NULL AND r.type = 'relationship';
INSERT INTO old_tie (producer, rendition_id, kind, source, target)
SELECT r.producer, r.id, said.kind, r.stix_id, said.target
  FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
       LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b,
       LATERAL (SELECT 'impacts', ref FROM jsonb_array_elements_text(CASE r.type WHEN 'impact' THEN coalesce(b.json->'impacted_refs', '[]') ELSE '[]' END) ref
                UNION ALL
                SELECT 'from', b.json->>field FROM unnest(ARRAY['from_ref', 'sender_ref']) field WHERE r.type = 'email-message') AS said (kind, target)
 WHERE v.withdrawn_at IS NULL AND r.type IN ('impact', 'email-message') AND said.target IS NOT NULL;
CREATE INDEX ON old_tie (source, producer);
CREATE INDEX ON old_tie (target, producer);

CREATE TEMP TABLE old_victim (
  producer  integer NOT NULL,
  name      text NOT NULL,
  cause     text NOT NULL,
  outright  boolean NOT NULL,
  level     integer NOT NULL,
  PRIMARY KEY (producer, name, cause)
) ON COMMIT DROP;
INSERT INTO old_victim
SELECT DISTINCT producer, target, rendition_id::text, true, 0 FROM old_tie
 WHERE kind IN ('targets', 'compromises', 'impacts', 'impersonates') AND target ~ '^(infrastructure|domain-name)--';

-- What an attacker makes use of, whatever else is said of it, and what was observed there.
CREATE TEMP TABLE old_attacked ON COMMIT DROP AS
SELECT DISTINCT producer, target AS name FROM old_tie
 WHERE kind = 'from' OR source ~ '^(attack-pattern|campaign|indicator|intrusion-set|malware|threat-actor|tool)--' AND kind IN
       ('based-on', 'beacons-to', 'communicates-with', 'consists-of', 'controls', 'exfiltrates-to', 'hosts', 'owns', 'uses');
CREATE INDEX ON old_attacked (name, producer);
INSERT INTO old_attacked
SELECT DISTINCT a.producer, part.name
  FROM old_attacked a JOIN object_version v ON v.stix_id = a.name AND v.producer = a.producer AND v.withdrawn_at IS NULL
  JOIN rendition r ON r.id = v.rendition_id,
       LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b,
       LATERAL jsonb_array_elements_text(coalesce(b.json->'object_refs', '[]')) AS part (name)
 WHERE a.name LIKE 'observed-data--%';

-- Which infrastructure is a victim's: what it uses is not the attacker's by that.
CREATE TEMP TABLE old_harmed ON COMMIT DROP AS
WITH RECURSIVE harmed (producer, name) AS (
  SELECT producer, name FROM old_victim WHERE name LIKE 'infrastructure--%'
  UNION
  SELECT h.producer, t.target FROM harmed h JOIN old_tie t ON t.source = h.name AND t.producer = h.producer
   WHERE t.kind = 'consists-of' AND t.target LIKE 'infrastructure--%'
     AND NOT EXISTS (SELECT FROM old_attacked a WHERE a.name = t.target AND a.producer = t.producer)
)
SELECT producer, name FROM harmed;
CREATE INDEX ON old_harmed (name, producer);

-- Level by level to what they lead to, but for what their producer shows to be the attacker's.
DO $$
DECLARE
  reached integer := 0;
BEGIN
  LOOP
    INSERT INTO old_victim
    SELECT DISTINCT w.producer, part.name, w.name, false, reached + 1
      FROM (SELECT DISTINCT producer, name FROM old_victim WHERE level = reached) w,
           LATERAL (
             SELECT t.target FROM old_tie t WHERE t.source = w.name AND t.producer = w.producer
                AND (t.kind = 'consists-of' AND w.name LIKE 'infrastructure--%' OR t.kind = 'resolves-to' AND w.name LIKE 'domain-name--%')
             UNION
             SELECT ref FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
                    LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b,
                    LATERAL jsonb_array_elements_text(CASE r.type
                      WHEN 'domain-name' THEN coalesce(b.json->'resolves_to_refs', '[]')
                      ELSE coalesce(b.json->'object_refs', '[]') || coalesce(b.json->'src_ref', '[]') || coalesce(b.json->'dst_ref', '[]') END) AS ref
              WHERE v.stix_id = w.name AND v.producer = w.producer AND v.withdrawn_at IS NULL
                AND r.type IN ('domain-name', 'observed-data', 'network-traffic')
                AND (r.type = 'domain-name' OR ref NOT LIKE 'domain-name--%')
           ) AS part (name)
     WHERE part.name ~ '^(observed-data|network-traffic|ipv4-addr|ipv6-addr|email-addr|infrastructure|domain-name)--'
       AND NOT EXISTS (SELECT FROM old_attacked a WHERE a.name = part.name AND a.producer = w.producer)
       AND (EXISTS (SELECT FROM old_harmed h WHERE h.name = part.name AND h.producer = w.producer) OR NOT EXISTS (
         SELECT FROM old_tie u WHERE u.target = part.name AND u.producer = w.producer AND u.source LIKE 'infrastructure--%'
            AND u.kind IN ('beacons-to', 'communicates-with', 'consists-of', 'controls', 'exfiltrates-to', 'hosts', 'owns', 'uses')
            AND NOT EXISTS (SELECT FROM old_harmed h WHERE h.name = u.source AND h.producer = u.producer)))
       AND NOT EXISTS (
         SELECT FROM object_version v JOIN observable o ON o.rendition_id = v.rendition_id
           JOIN observable i ON i.key = o.key JOIN rendition ir ON ir.id = i.rendition_id
          WHERE v.stix_id = part.name AND v.producer = w.producer
            AND ir.type = 'indicator' AND ir.producer = w.producer AND NOT ir.withdrawn)
    ON CONFLICT DO NOTHING;
    EXIT WHEN NOT FOUND;
    reached := reached + 1;
  END LOOP;
END $$;

INSERT INTO old_victim
SELECT DISTINCT w.producer, o.key, w.name, false, -1
  FROM old_victim w JOIN object_version v ON v.stix_id = w.name AND v.producer = w.producer AND v.withdrawn_at IS NULL
  JOIN observable o ON o.rendition_id = v.rendition_id
 WHERE w.name ~ '^(ipv4-addr|ipv6-addr|email-addr)--' AND o.key ~ '^(ipv4|ipv6|email):'
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE old_newly ON COMMIT DROP AS
SELECT DISTINCT o.producer, o.name FROM old_victim o
 WHERE o.name !~ '^(infrastructure|domain-name)--'
   AND NOT EXISTS (SELECT FROM victim v WHERE v.producer = o.producer AND v.name = o.name AND v.live);

INSERT INTO victim AS v (producer, name, outright, live)
SELECT producer, name, bool_or(outright), true FROM old_victim GROUP BY 1, 2
ON CONFLICT (producer, name) DO UPDATE SET outright = excluded.outright OR (v.live AND v.outright), live = true;

INSERT INTO victim_cause (producer, name, cause) SELECT producer, name, cause FROM old_victim ON CONFLICT DO NOTHING;

-- What was released as if it were nobody's is decided anew as soon as somebody looks.
INSERT INTO reevaluation_due (at, producer, stix_id)
SELECT DISTINCT statement_timestamp(), held.producer, held.stix_id FROM (
  SELECT w.producer, v.stix_id FROM old_newly w JOIN object_version v ON v.stix_id = w.name AND v.producer = w.producer
   WHERE v.withdrawn_at IS NULL
  UNION ALL
  SELECT r.producer, r.stix_id FROM old_newly w JOIN reference n ON n.name = w.name JOIN rendition r ON r.id = n.rendition_id
   WHERE r.producer = w.producer AND NOT r.withdrawn AND w.name ~ '^(ipv4|ipv6|email):'
  UNION ALL
  SELECT r.producer, r.stix_id FROM old_newly w JOIN observable o ON o.key = w.name JOIN rendition r ON r.id = o.rendition_id
   WHERE r.producer = w.producer AND NOT r.withdrawn) held
ON CONFLICT DO NOTHING;
