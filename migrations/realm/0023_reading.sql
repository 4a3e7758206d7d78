-- Up Migration
-- A value is looked up among what its reader was sent, and nowhere else: a look-up that comes by others' objects and leaves
-- them out is the slower the more of them hold the value, and whoever measures that learns what is not theirs to know.

ALTER TABLE observable DROP CONSTRAINT observable_pkey;
ALTER TABLE observable ADD COLUMN audience_id integer;
COMMENT ON COLUMN observable.audience_id IS 'All to whom the renditions that the row stands for were addressed first; who came later has a row of their own';

-- Of what is there each entry gets its row.
CREATE TEMPORARY TABLE held ON COMMIT DROP AS
SELECT DISTINCT o.key, e.rendition_id, e.audience_id
  FROM observable o CROSS JOIN LATERAL generate_series(o.rendition_id, o.rendition_id + o.also) AS held (id)
  JOIN (SELECT rendition_id, audience_id FROM log WHERE kind <> 'withdrawn'
        UNION
        SELECT u.rendition, u.audience FROM unsequenced, unnest(kinds, renditions, audiences) AS u (kind, rendition, audience)
         WHERE u.kind <> 'withdrawn') e ON e.rendition_id = held.id;
TRUNCATE observable;
INSERT INTO observable (key, rendition_id, audience_id) SELECT key, rendition_id, audience_id FROM held;

-- The key comes first, since a producer's own are looked for by it, whoever else has them.
ALTER TABLE observable ALTER COLUMN audience_id SET NOT NULL, ADD PRIMARY KEY (key, audience_id, rendition_id);

-- As before, and of the reader's own audiences alone: what is closed to somebody is not in the log for them, and neither are
-- its keys.
DO $$
DECLARE
  reader  text := 'app_read_' || current_schema();
BEGIN
  EXECUTE format($p$ALTER POLICY addressed ON observable TO %I
    USING (audience_id IN (SELECT audience_id FROM audience_organisation)
           AND (SELECT true FROM log WHERE log.rendition_id BETWEEN observable.rendition_id
                                                               AND observable.rendition_id + observable.also LIMIT 1))$p$, reader);
END $$;

-- Whether a producer stated something newer under an id is asked of that producer's renditions, and comes by no others'.
DROP INDEX rendition_stix_id;
CREATE INDEX rendition_stix_id ON rendition (stix_id, producer, rank);

-- What a policy would have changed in the last 90 days: worked out page by page, for each of the two members by itself.
CREATE TABLE policy_diff (
  policy_hash   bytea NOT NULL,
  member        text NOT NULL,
  policy        text NOT NULL,
  is_proposed   boolean NOT NULL,
  since         timestamptz NOT NULL,
  until         timestamptz NOT NULL,
  so_far        json,
  done          bigint NOT NULL DEFAULT 0,
  total         bigint NOT NULL DEFAULT 0,
  paged_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  leased_until  timestamptz NOT NULL DEFAULT '-infinity',
  fence         integer NOT NULL DEFAULT 0,
  failures      integer NOT NULL DEFAULT 0,
  finished_at   timestamptz,
  result        json,
  PRIMARY KEY (policy_hash, member)
);
CREATE INDEX policy_diff_under_way ON policy_diff (paged_at) WHERE finished_at IS NULL;
COMMENT ON COLUMN policy_diff.policy_hash IS 'Of the very text: a diff is of this content and of no other';
COMMENT ON COLUMN policy_diff.is_proposed IS 'Of a proposal, with which it is kept; others are forgotten after a week';
COMMENT ON COLUMN policy_diff.so_far IS 'Where the next page begins, and what was counted until then; NULL before the first and at the end';
COMMENT ON COLUMN policy_diff.fence IS 'Goes up when a process takes it: an older one keeps nothing more';
COMMENT ON COLUMN policy_diff.result IS 'As it was told last; while it is worked out anew, that of before. NULL and finished: it failed again and again';

DO $$
BEGIN
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON policy_diff TO %I', 'app_write_' || current_schema());
END $$;
