-- Up Migration
-- Renditions of one version that differ in a few words share one row of words, too: that row holds the words of all
-- of them, and each keeps the text that is its own, by which it is looked at when it is found.

ALTER TABLE rendition ADD COLUMN own_words text;
COMMENT ON COLUMN rendition.own_words IS 'Where the row of words that stands for it has others'' words as well: the text that is its own; NULL where they are the same';
COMMENT ON COLUMN rendition.also IS 'So many renditions with the next ids have their words in this row, and hold none of their own';

-- As before; a row of words may hold more than each rendition that it stands for. The index is asked for what every
-- match must hold (querytree leaves negations out, and a phrase is at least its words), the rest of each by itself.
CREATE OR REPLACE FUNCTION renditions_with_words(wanted text, wanted_type text, before bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $f$
DECLARE
  common CONSTANT integer := 5000;
  query CONSTANT tsquery := websearch_to_tsquery('simple', wanted);
  indexed CONSTANT text := querytree(query);
  needed tsquery;
  found bigint[];
  own integer[] := ARRAY(SELECT audience_id FROM audience_organisation
                          WHERE organisation_id = current_setting('app.organisation')::integer);
BEGIN
  IF numnode(query) = 0 THEN RETURN; END IF;
  IF indexed <> 'T' THEN
    needed := regexp_replace(indexed, '<(-|\d+)>', '&', 'g')::tsquery;
    found := ARRAY(SELECT id FROM rendition WHERE words IS NOT NULL AND words @@ needed LIMIT common);
  END IF;
  IF cardinality(found) < common THEN
    RETURN QUERY
    SELECT r.id FROM rendition head JOIN rendition r ON r.id BETWEEN head.id AND head.id + head.also
     WHERE head.id = ANY (found) AND r.id < before AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
       AND CASE WHEN r.own_words IS NULL THEN head.words ELSE to_tsvector('simple', r.own_words) END @@ query
     ORDER BY r.id DESC LIMIT most;
  ELSE
    RETURN QUERY
    SELECT r.id FROM (SELECT id, words, also FROM rendition WHERE id < before ORDER BY id DESC LIMIT 200000) head
      JOIN rendition r ON r.id BETWEEN head.id AND head.id + head.also
     WHERE head.words IS NOT NULL AND (needed IS NULL OR head.words @@ needed)
       AND r.id < before AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
       AND CASE WHEN r.own_words IS NULL THEN head.words ELSE to_tsvector('simple', r.own_words) END @@ query
     ORDER BY r.id DESC LIMIT most;
  END IF;
END $f$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION renditions_with_words(text, text, bigint, integer) SET search_path = %I', current_schema());
END $$;
