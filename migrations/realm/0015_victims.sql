-- Up Migration
-- What a producer called a victim's, in whatever submission: what it states of the same later, and what it stated
-- before, is decided by it.

CREATE TABLE victim (
  producer      integer NOT NULL,
  name          text NOT NULL,
  rendition_id  bigint NOT NULL,
  outright      boolean NOT NULL,
  PRIMARY KEY (producer, name, rendition_id)
);
COMMENT ON COLUMN victim.name IS 'An id, or the canonical key of an address';
COMMENT ON COLUMN victim.rendition_id IS 'The whole rendition of what said so; once that is taken back it holds for what was stated before alone';
COMMENT ON COLUMN victim.outright IS 'That very thing was called so; false: it was observed at a victim''s';

COMMENT ON COLUMN object_version.is_victims IS 'Its producer said that it is about a victim of an attack, or that an address in it is a victim''s';
COMMENT ON COLUMN reference.name IS 'An id, or the canonical key of an address that stands in its texts';

-- jsonb holds no NUL: what has one says nothing here.
-- A row of a key stands for the whole rendition, which is the first of its version.
-- What was stated before this was kept. Addresses in texts, as far as they are IPv4 and their dots are written as such.
INSERT INTO reference (name, rendition_id)
SELECT DISTINCT 'ipv4:' || regexp_replace(found.a[1], '\[\.\]', '.', 'g'), v.rendition_id
  FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
       LATERAL regexp_matches(r.body,
         '(?<![\d.\w-])((?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|\[\.\])){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d))(?![\w-]|\.?\d)', 'g') AS found (a)
 WHERE v.withdrawn_at IS NULL AND r.body ~ '\d\.\]?\d'
ON CONFLICT DO NOTHING;

INSERT INTO victim (producer, name, rendition_id, outright)
SELECT DISTINCT r.producer, named.name, r.id, true
  FROM object_version v JOIN rendition r ON r.id = v.rendition_id,
       LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b,
       LATERAL jsonb_array_elements_text(CASE r.type
         WHEN 'relationship' THEN CASE WHEN b.json->>'relationship_type' IN ('targets', 'compromises', 'impacts', 'impersonates')
                                       THEN jsonb_build_array(b.json->'target_ref') ELSE '[]' END
         WHEN 'sighting' THEN coalesce(b.json->'where_sighted_refs', '[]') || coalesce(b.json->'observed_data_refs', '[]')
         WHEN 'impact' THEN coalesce(b.json->'impacted_refs', '[]')
         ELSE coalesce(b.json->'to_refs', '[]') || coalesce(b.json->'cc_refs', '[]') || coalesce(b.json->'bcc_refs', '[]') END) AS named (name)
 WHERE v.withdrawn_at IS NULL AND r.type IN ('relationship', 'sighting', 'impact', 'email-message')
   AND named.name ~ '^(observed-data|network-traffic|ipv4-addr|ipv6-addr|email-addr)--';

-- Their parts, and the keys of their addresses: observed data holds traffic, and traffic has two ends. What the producer
-- looks for as an attacker's is none.
DO $$
BEGIN
  FOR level IN 1..3 LOOP
    INSERT INTO victim (producer, name, rendition_id, outright)
    SELECT DISTINCT w.producer, part.name, w.rendition_id, false
      FROM victim w JOIN object_version v ON v.stix_id = w.name AND v.producer = w.producer AND v.withdrawn_at IS NULL
      JOIN rendition r ON r.id = v.rendition_id,
           LATERAL (SELECT CASE WHEN strpos(r.body, '\u0000') = 0 THEN r.body::jsonb ELSE '{}' END AS json) b,
           LATERAL jsonb_array_elements_text(coalesce(b.json->'object_refs', '[]') || coalesce(b.json->'src_ref', '[]') || coalesce(b.json->'dst_ref', '[]')) AS part (name)
     WHERE r.type IN ('observed-data', 'network-traffic')
       AND part.name ~ '^(observed-data|network-traffic|ipv4-addr|ipv6-addr|email-addr)--'
       AND NOT EXISTS (
         SELECT FROM object_version a JOIN observable o ON o.rendition_id = a.rendition_id
           JOIN observable i ON i.key = o.key JOIN rendition ir ON ir.id = i.rendition_id
          WHERE a.stix_id = part.name AND a.producer = w.producer
            AND ir.type = 'indicator' AND ir.producer = w.producer AND NOT ir.withdrawn)
    ON CONFLICT DO NOTHING;
  END LOOP;
  INSERT INTO victim (producer, name, rendition_id, outright)
  SELECT w.producer, o.key, w.rendition_id, bool_or(w.outright)
    FROM victim w JOIN object_version v ON v.stix_id = w.name AND v.producer = w.producer AND v.withdrawn_at IS NULL
    JOIN observable o ON o.rendition_id = v.rendition_id
   WHERE w.name ~ '^(ipv4-addr|ipv6-addr|email-addr)--' AND o.key ~ '^(ipv4|ipv6|email):' GROUP BY 1, 2, 3
  ON CONFLICT DO NOTHING;
END $$;

-- What was released as if it were nobody's is decided anew as soon as somebody looks.
INSERT INTO reevaluation_due (at, producer, stix_id)
SELECT DISTINCT statement_timestamp(), held.producer, held.stix_id FROM (
  SELECT w.producer, v.stix_id FROM victim w JOIN object_version v ON v.stix_id = w.name AND v.producer = w.producer
   WHERE v.withdrawn_at IS NULL
  UNION ALL
  SELECT r.producer, r.stix_id FROM victim w JOIN reference n ON n.name = w.name JOIN rendition r ON r.id = n.rendition_id
   WHERE r.producer = w.producer AND NOT r.withdrawn AND w.name ~ '^(ipv4|ipv6|email):'
  UNION ALL
  SELECT r.producer, r.stix_id FROM victim w JOIN observable o ON o.key = w.name JOIN rendition r ON r.id = o.rendition_id
   WHERE r.producer = w.producer AND NOT r.withdrawn) held
ON CONFLICT DO NOTHING;

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON victim TO %I', 'app_write_' || current_schema());
END $$;
