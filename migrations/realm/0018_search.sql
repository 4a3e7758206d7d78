-- Up Migration
-- A search by words goes through what its reader may see, and through nothing else: an index of all words is the slower
-- the more others hold of one, and whoever measures that learns what is not theirs to know.

DROP FUNCTION renditions_with_words(text, text, bigint, integer);
DROP INDEX rendition_words;

-- The reader's entries between two places of the log whose renditions hold the words, the newest first. Of another's entry
-- the audience alone is looked at, whatever it is about. A copy may have its words in a row before its own: all that could
-- hold them are looked at, so that how many copies others have makes no difference.
CREATE FUNCTION entries_with_words(wanted text, wanted_type text, before bigint, after bigint, most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $f$
DECLARE
  copies_beside CONSTANT integer := 16;
  query CONSTANT tsquery := websearch_to_tsquery('simple', wanted);
  own CONSTANT integer[] := ARRAY(SELECT audience_id FROM audience_organisation
                                   WHERE organisation_id = current_setting('app.organisation')::integer);
BEGIN
  IF numnode(query) = 0 THEN RETURN; END IF;
  RETURN QUERY
  SELECT l.seq FROM log l JOIN rendition r ON r.id = l.rendition_id
   WHERE l.seq < before AND l.seq > after AND l.audience_id = ANY (own)
     AND NOT r.withdrawn AND (wanted_type IS NULL OR r.type = wanted_type)
     AND CASE WHEN r.own_words IS NOT NULL THEN to_tsvector('simple', r.own_words)
              WHEN r.words IS NOT NULL THEN r.words
              ELSE (SELECT head.words FROM rendition head
                     WHERE head.id BETWEEN r.id - copies_beside AND r.id AND head.words IS NOT NULL
                       AND head.id + head.also >= r.id) END @@ query
   ORDER BY l.seq DESC LIMIT most;
END $f$;

DO $$
DECLARE
  reader  text := 'app_read_' || current_schema();
BEGIN
  EXECUTE format('ALTER FUNCTION entries_with_words(text, text, bigint, bigint, integer) SET search_path = %I, pg_temp',
                 current_schema());
  REVOKE ALL ON FUNCTION entries_with_words(text, text, bigint, bigint, integer) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION entries_with_words(text, text, bigint, bigint, integer) TO %I', reader);
END $$;
