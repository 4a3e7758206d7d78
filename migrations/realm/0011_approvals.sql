-- Up Migration
-- Who was told of what waits for an approval, and of what became of it.

-- Written by response: 1 that it waits, 2 at half of the time, 3 what became of it.
CREATE TABLE approval_notice (
  pending_id       uuid NOT NULL REFERENCES pending_release (id),
  organisation_id  integer NOT NULL,
  stage            smallint NOT NULL CHECK (stage IN (1, 2, 3)),
  at               timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (pending_id, organisation_id, stage)
);

CREATE INDEX pending_release_asked ON pending_release (asked_at, id);
CREATE INDEX pending_release_settled ON pending_release (settled_at) WHERE state <> 'pending';

-- Whose officers are asked by now: those of the producer's member, and the other member's once these have agreed.
CREATE VIEW asked_officer WITH (security_invoker = true) AS
SELECT p.id AS pending_id, a.approver, a.has_agreed
  FROM pending_release p
  JOIN core.organisation_code c ON c.id = p.producer,
       LATERAL (SELECT approver, is_producers, has_agreed, bool_and(has_agreed) FILTER (WHERE is_producers) OVER () AS let_go
                  FROM (SELECT approver, left(approver, 2) = left(c.code, 2) AS is_producers,
                               (SELECT count(*) FROM jsonb_array_elements(p.approvals) AS one WHERE one ->> 'role' = approver)
                                 >= CASE WHEN p.four_eyes THEN 2 ELSE 1 END AS has_agreed
                          FROM unnest(p.approvers) AS approver) AS each) AS a
 WHERE a.is_producers OR coalesce(a.let_go, true);

DO $$
DECLARE
  writer text := 'app_write_' || current_schema();
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON approval_notice TO %I', writer);
  EXECUTE format('GRANT SELECT ON asked_officer TO %I', writer);
END $$;
