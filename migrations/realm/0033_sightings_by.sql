-- Up Migration
-- What says that something was seen is found by who says it, too: whoever says it thousands of times hides nobody's word.
INSERT INTO observable (key, rendition_id, also, audience_id)
SELECT o.key || '@' || r.producer, o.rendition_id, o.also, o.audience_id
  FROM observable o JOIN rendition r ON r.id = o.rendition_id
 WHERE o.key LIKE 'sighting:%'
ON CONFLICT DO NOTHING;
