-- Up Migration
-- Sightings, and opinions that say the same, are found by what they are of, as values are found by their keys: a row for
-- each audience that they went to, so that nobody comes by what others were sent. Those that are there already get theirs.
CREATE TEMPORARY TABLE sighting_addressed ON COMMIT DROP AS
SELECT DISTINCT ON (r.id, e.audience_id) r.id, r.body::json AS object, e.audience_id
  FROM rendition r
  JOIN (SELECT rendition_id, audience_id FROM log WHERE kind <> 'withdrawn'
        UNION
        SELECT u.rendition, u.audience FROM unsequenced, unnest(kinds, renditions, audiences) AS u (kind, rendition, audience)
         WHERE u.kind <> 'withdrawn') e ON e.rendition_id = r.id
 WHERE r.type IN ('sighting', 'opinion') AND NOT r.withdrawn AND r.tlp <> 'red'
       -- PostgreSQL tells no member of an object that has a NUL anywhere.
   AND position('\u0000' IN r.body) = 0;

INSERT INTO observable (key, rendition_id, audience_id)
SELECT 'sighting:' || lower(object ->> 'sighting_of_ref'), id, audience_id FROM sighting_addressed
 WHERE object ->> 'type' = 'sighting' AND object ->> 'sighting_of_ref' IS NOT NULL
UNION
SELECT 'sighting:' || lower(named.name), held.id, held.audience_id
  FROM sighting_addressed held
  CROSS JOIN LATERAL (SELECT ref.name FROM json_array_elements_text(
    CASE WHEN json_typeof(object -> 'object_refs') = 'array' THEN object -> 'object_refs' ELSE '[]' END) AS ref (name)
    LIMIT 100) named
 WHERE object ->> 'type' = 'opinion' AND object ->> 'opinion' IN ('disagree', 'strongly-disagree')
ON CONFLICT DO NOTHING;
