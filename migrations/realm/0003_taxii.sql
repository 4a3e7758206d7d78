-- Up Migration
-- What TAXII reads by: the sectors that a rendition is about, and how far the log had come at a moment.

ALTER TABLE rendition ADD COLUMN sectors text[];
COMMENT ON COLUMN rendition.sectors IS 'As sectorsOf() finds them, in lower case; NULL where there are none';

-- What is there already, as sectorsOf() finds it.
UPDATE rendition SET sectors = found.sectors
  FROM (SELECT r.id, array_agg(DISTINCT lower(sector)) AS sectors
          FROM (SELECT id, body::jsonb AS object FROM rendition WHERE NOT withdrawn AND body LIKE '%sector%') AS r,
               LATERAL (SELECT jsonb_path_query(object, '$.sectors[*] ? (@.type() == "string")') #>> '{}'
                        UNION ALL
                        SELECT jsonb_path_query(object,
                          '$.extensions."extension-definition--6fa9c289-c1fc-59b2-9fb2-6c6324d05818".affected.sectors[*]
                            ? (@.type() == "string")') #>> '{}'
                        UNION ALL
                        SELECT substring(lower(label #>> '{}') FROM '^sector[:=]"?([^"]+)"?$')
                          FROM jsonb_path_query(object, '$.labels[*] ? (@.type() == "string")') AS label
                       ) AS s (sector)
         WHERE sector IS NOT NULL GROUP BY r.id) AS found
 WHERE rendition.id = found.id;

-- How far the log had come at a moment: times grow with seq. It tells numbers alone, which every reader knows from
-- the head; a reader's own rights would show it some entries, and no way to halve the distance.
CREATE FUNCTION seq_logged_by(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $f$
DECLARE
  low bigint := 0;
  high bigint := (SELECT seq FROM log_head);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT logged_at FROM log WHERE seq = middle) <= moment THEN
      low := middle;
    ELSE
      high := middle - 1;
    END IF;
  END LOOP;
  RETURN low;
END $f$;

DO $$
DECLARE
  realm   text := current_schema();
  reader  text := 'app_read_' || current_schema();
BEGIN
  EXECUTE format('ALTER FUNCTION seq_logged_by(timestamptz) SET search_path = %I', realm);
  REVOKE ALL ON FUNCTION seq_logged_by(timestamptz) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION seq_logged_by(timestamptz) TO %I', reader);
END $$;
