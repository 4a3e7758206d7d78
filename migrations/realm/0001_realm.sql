-- Up Migration
-- One sealed realm: submissions, what was released of them, the log, and what each channel remembers.
-- The schema is the realm's; roles are app_write_<realm>, app_read_<realm> and log_tail_<realm>.

-- Submissions: the way in ---------------------------------------------------------------------------------

CREATE TABLE submission (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  actor            text NOT NULL,
  state            text NOT NULL DEFAULT 'received' CHECK (state IN ('received', 'normalizing', 'done', 'failed')),
  format           text NOT NULL,
  options          jsonb NOT NULL,
  bytes            bigint NOT NULL,
  sha256           bytea NOT NULL,
  received_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at      timestamptz,
  beat_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  fence            integer NOT NULL DEFAULT 0,
  failures         integer NOT NULL DEFAULT 0,
  staged           integer,
  released         integer NOT NULL DEFAULT 0,
  records          integer NOT NULL DEFAULT 0,
  accepted         integer NOT NULL DEFAULT 0,
  merged           integer NOT NULL DEFAULT 0,
  unchanged        integer NOT NULL DEFAULT 0,
  rejected         integer NOT NULL DEFAULT 0,
  rejected_early   integer NOT NULL DEFAULT 0,
  losses           jsonb NOT NULL DEFAULT '[]',
  losses_in_all    integer NOT NULL DEFAULT 0,
  envelope         bigint,
  problem          jsonb
);
CREATE INDEX submission_unfinished ON submission (beat_at) WHERE state IN ('received', 'normalizing');
CREATE INDEX submission_of ON submission (organisation_id, received_at DESC);
COMMENT ON COLUMN submission.rejected_early IS 'Records rejected while staging; rejected counts those of the release';
COMMENT ON COLUMN submission.fence IS 'Goes up when a worker takes it; an older worker can write no more';
COMMENT ON COLUMN submission.failures IS 'Tries that ended with an error of ours; after eight it is failed, so that it cannot be tried for ever';
COMMENT ON COLUMN submission.envelope IS 'Its last envelope: what it released can be read once the pen has taken that';
COMMENT ON COLUMN submission.staged IS 'How many pages lie staged; null while staging, and for what is small enough to be staged in memory';
COMMENT ON COLUMN submission.released IS 'How many of these pages are released';

-- Chunks come before their submission's row; those that never get one are swept.
CREATE TABLE submission_chunk (
  submission_id  uuid NOT NULL,
  n              integer NOT NULL,
  bytes          bytea NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (submission_id, n)
);
ALTER TABLE submission_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- What became of the records, a page of them in a row.
CREATE TABLE submission_outcome (
  submission_id  uuid NOT NULL REFERENCES submission (id),
  page           integer NOT NULL,
  records        json NOT NULL,
  PRIMARY KEY (submission_id, page)
);

CREATE TABLE idempotency (
  actor          text NOT NULL,
  key            text NOT NULL,
  request_hash   bytea NOT NULL,
  submission_id  uuid NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key)
);

-- Other calls that carry an Idempotency-Key, and how they were answered (sealed; null: not yet). Kept for a day.
CREATE TABLE repeatable_call (
  actor         text NOT NULL,
  key           text NOT NULL,
  request_hash  bytea NOT NULL,
  answer        text,
  created_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (actor, key)
);
CREATE INDEX repeatable_call_old ON repeatable_call (created_at);

-- Unlogged: a crash empties it, and normalization begins again from the stored bytes. A page of at most a
-- thousand objects a row, in the order of their release: phase by phase, the referenced before the referring.
CREATE UNLOGGED TABLE staged (
  submission_id  uuid NOT NULL,
  phase          smallint NOT NULL,
  page           integer NOT NULL,
  objects        integer NOT NULL,
  shapes         text,
  items          text NOT NULL,
  PRIMARY KEY (submission_id, phase, page)
);
ALTER TABLE staged ALTER COLUMN shapes SET STORAGE EXTERNAL, ALTER COLUMN items SET STORAGE EXTERNAL;
COMMENT ON COLUMN staged.shapes IS 'What markings are worked out from; null where no object refers to another';

-- Releases: written by release() alone ---------------------------------------------------------------------

-- An object is (producer, STIX id, version): nobody supersedes another's (DESIGN 1, decision 3). Its body is
-- its identity rendition, which the producer itself always receives.
CREATE TABLE object_version (
  producer       integer NOT NULL,
  stix_id        text NOT NULL,
  version        text NOT NULL,
  rank           bigint NOT NULL,
  content_hash   bytea NOT NULL,
  rendition_id   bigint NOT NULL,
  audience_id    integer NOT NULL,
  submission_id  uuid,
  withdrawn_at   timestamptz,
  kept_over      bytea[],
  PRIMARY KEY (stix_id, producer, version)
);
COMMENT ON COLUMN object_version.audience_id IS 'All that have been sent it whole so far: the union of its entries'' audiences';
COMMENT ON COLUMN object_version.kept_over IS 'Hashes of what the same submission said of the same value with other details; stated again, it is nothing new';
COMMENT ON COLUMN object_version.rank IS 'Microseconds of modified (of receipt where there is none): orders versions';

-- An audience is immutable: a set of organisations, interned by its hash.
CREATE TABLE audience (
  id    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  hash  bytea NOT NULL UNIQUE
);
CREATE TABLE audience_organisation (
  organisation_id  integer NOT NULL,
  audience_id      integer NOT NULL REFERENCES audience (id),
  PRIMARY KEY (organisation_id, audience_id)
);
CREATE INDEX audience_organisation_audience ON audience_organisation (audience_id);

-- Blocks of a thousand ids, so that a batch costs one call.
CREATE SEQUENCE rendition_block;

CREATE TABLE rendition (
  id         bigint PRIMARY KEY,
  producer   integer NOT NULL,
  stix_id    text NOT NULL,
  type       text NOT NULL,
  tlp        text NOT NULL,
  rank       bigint NOT NULL,
  withdrawn  boolean NOT NULL DEFAULT false,
  body       text NOT NULL,
  words      tsvector
);
CREATE INDEX rendition_stix_id ON rendition USING hash (stix_id);
CREATE INDEX rendition_words ON rendition USING gin (words) WHERE words IS NOT NULL;

CREATE TABLE observable (
  key           text NOT NULL,
  rendition_id  bigint NOT NULL,
  PRIMARY KEY (key, rendition_id)
);
CREATE INDEX observable_rendition ON observable (rendition_id);

-- Redacted renditions of a version, for those from whom something that it names is withheld: an object of its own
-- to them, under an id that tells nothing of the original's.
CREATE TABLE redaction (
  producer      integer NOT NULL,
  stix_id       text NOT NULL,
  version       text NOT NULL,
  view          bytea NOT NULL,
  shown_id      text NOT NULL,
  rendition_id  bigint NOT NULL,
  audience_id   integer NOT NULL,
  PRIMARY KEY (stix_id, producer, version, view)
);
CREATE INDEX redaction_shown_id ON redaction USING hash (shown_id);
COMMENT ON COLUMN redaction.view IS 'Hash of what it leaves out and renames: the same again is the same rendition';
COMMENT ON COLUMN redaction.audience_id IS 'All that have been sent it so far';

-- Ids of objects that were rejected and never stated since: what names them does not tell others of them.
CREATE TABLE refused_name (
  producer  integer NOT NULL,
  stix_id   text NOT NULL,
  PRIMARY KEY (stix_id, producer)
);

-- One sealed envelope a transaction: committed releases that the pen has not numbered yet.
CREATE TABLE unsequenced (
  batch       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kinds       text[] NOT NULL,
  renditions  bigint[] NOT NULL,
  audiences   integer[] NOT NULL,
  leaves      bytea[] NOT NULL
);
ALTER TABLE unsequenced ALTER COLUMN renditions SET STORAGE EXTERNAL, ALTER COLUMN leaves SET STORAGE EXTERNAL;

-- The log: written by the pen alone -----------------------------------------------------------------------

CREATE TABLE log (
  seq           bigint PRIMARY KEY,
  logged_at     timestamptz NOT NULL,
  kind          text NOT NULL,
  rendition_id  bigint NOT NULL,
  audience_id   integer NOT NULL,
  leaf          bytea NOT NULL
);
CREATE INDEX log_rendition ON log (rendition_id, seq);

CREATE TABLE log_head (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch      text NOT NULL,
  seq        bigint NOT NULL DEFAULT 0,
  logged_at  timestamptz NOT NULL DEFAULT '2000-01-01Z',
  frontier   bytea NOT NULL DEFAULT ''
);
INSERT INTO log_head (epoch) VALUES (substr(md5(gen_random_uuid()::text), 1, 8));

-- Courier -------------------------------------------------------------------------------------------------

CREATE TABLE webhook (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  url              text NOT NULL,
  description      text NOT NULL,
  filter           jsonb NOT NULL,
  state            text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused', 'disabled')),
  state_reason     text,
  secrets          jsonb NOT NULL,
  cursor           bigint NOT NULL,
  failures         integer NOT NULL DEFAULT 0,
  failing_since    timestamptz,
  resting_until    timestamptz,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX webhook_of ON webhook (organisation_id);
COMMENT ON COLUMN webhook.resting_until IS 'The circuit breaker is open until then';

-- Posts that endpoints are still owed. What was delivered, or given up, is an attempt and no longer a row here.
-- No index on the lease: taking and renewing it changes nothing but the row.
CREATE TABLE delivery (
  endpoint_id   uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  seq           bigint NOT NULL,
  due_at        timestamptz NOT NULL DEFAULT now(),
  attempts      integer NOT NULL DEFAULT 0,
  leased_until  timestamptz NOT NULL DEFAULT '-infinity',
  fence         bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (endpoint_id, seq)
) WITH (fillfactor = 60);
CREATE INDEX delivery_due ON delivery (endpoint_id, due_at);
CREATE SEQUENCE delivery_fence;
COMMENT ON COLUMN delivery.fence IS 'Of the lease that holds it; 0 while nobody does';

CREATE TABLE attempt (
  id           bigint GENERATED ALWAYS AS IDENTITY,
  endpoint_id  uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  message_id   text NOT NULL,
  seq          bigint,
  type         text NOT NULL,
  number       integer NOT NULL,
  at           timestamptz NOT NULL,
  duration_ms  integer NOT NULL,
  status       integer,
  outcome      text NOT NULL CHECK (outcome IN ('delivered', 'retrying', 'exhausted')),
  problem      text,
  next_at      timestamptz,
  PRIMARY KEY (endpoint_id, id)
);

-- Response ------------------------------------------------------------------------------------------------

CREATE TABLE alert_rule (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  name             text NOT NULL,
  filter           jsonb NOT NULL,
  after            bigint NOT NULL,
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  deleted_at       timestamptz
);
COMMENT ON COLUMN alert_rule.after IS 'Where the log stood when it was made: it is about what came later';

CREATE TABLE alert (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  rule_id          uuid NOT NULL REFERENCES alert_rule (id),
  seq              bigint NOT NULL,
  object_id        text NOT NULL,
  producer         integer NOT NULL,
  state            text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'raised', 'acknowledged')),
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  raised_at        timestamptz,
  acknowledged_at  timestamptz,
  acknowledged_by  text,
  UNIQUE (rule_id, seq)
);
CREATE INDEX alert_of ON alert (organisation_id, seq DESC);
CREATE INDEX alert_queued ON alert (organisation_id, seq) WHERE state = 'queued';

CREATE TABLE alert_cursor (
  one  boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq  bigint NOT NULL DEFAULT 0
);
INSERT INTO alert_cursor DEFAULT VALUES;

CREATE TABLE advisory (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL,
  stix_id          text NOT NULL,
  state            text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'published')),
  content          jsonb NOT NULL,
  version          integer NOT NULL DEFAULT 1,
  drafted_by       text NOT NULL,
  published_by     text,
  published_at     timestamptz,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX advisory_of ON advisory (organisation_id, created_at DESC);
COMMENT ON COLUMN advisory.state IS 'Whether a published one is withdrawn, its object''s versions tell';

-- The activity log: appended by appendEvent() alone --------------------------------------------------------

CREATE TABLE activity (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  type       text NOT NULL,
  actor      text NOT NULL,
  subject    text NOT NULL,
  fields     jsonb NOT NULL DEFAULT '{}'
);

-- Full-text search under row-level security cannot use its index (@@ is not leakproof). This asks the index as
-- the tables' owner, for the caller's organisation alone; the caller then reads the renditions under its own
-- rights, so that every row is checked twice. A word that thousands of objects hold is looked for backwards from
-- the newest instead, where it is found soon.
CREATE FUNCTION renditions_with_words(wanted text, wanted_type text, before bigint, most integer) RETURNS SETOF bigint
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
    SELECT r.id FROM rendition r
     WHERE r.id = ANY (found) AND r.id < before AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
     ORDER BY r.id DESC LIMIT most;
  ELSE
    RETURN QUERY
    SELECT r.id FROM (SELECT id, type, words FROM rendition WHERE id < before ORDER BY id DESC LIMIT 200000) r
     WHERE r.words @@ query AND (wanted_type IS NULL OR r.type = wanted_type)
       AND (SELECT true FROM log l WHERE l.rendition_id = r.id AND l.audience_id = ANY (own) LIMIT 1)
     ORDER BY r.id DESC LIMIT most;
  END IF;
END $f$;

-- Who may touch what --------------------------------------------------------------------------------------

ALTER TABLE log ENABLE ROW LEVEL SECURITY;
ALTER TABLE rendition ENABLE ROW LEVEL SECURITY;
ALTER TABLE observable ENABLE ROW LEVEL SECURITY;
ALTER TABLE audience_organisation ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
  realm   text := current_schema();
  writer  text := 'app_write_' || current_schema();
  reader  text := 'app_read_' || current_schema();
  tail    text := 'log_tail_' || current_schema();
  own     text;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I, %I, %I', realm, writer, reader, tail);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', realm, writer);
  EXECUTE format('GRANT TRUNCATE ON staged TO %I', writer);
  EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', realm, writer);
  -- What was said is not unsaid: the log and the activity log are append-only even for their writers.
  EXECUTE format('REVOKE UPDATE, DELETE ON log, activity, audience, audience_organisation FROM %I', writer);

  EXECUTE format('GRANT SELECT ON log, log_head, rendition, observable, audience_organisation TO %I', reader);
  EXECUTE format('GRANT SELECT ON log, log_head, rendition, audience_organisation TO %I', tail);

  EXECUTE format('ALTER FUNCTION renditions_with_words(text, text, bigint, integer) SET search_path = %I', realm);
  REVOKE ALL ON FUNCTION renditions_with_words(text, text, bigint, integer) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION renditions_with_words(text, text, bigint, integer) TO %I', reader);

  FOREACH own IN ARRAY ARRAY['log', 'rendition', 'observable', 'audience_organisation'] LOOP
    EXECUTE format('CREATE POLICY writer ON %I TO %I USING (true) WITH CHECK (true)', own, writer);
    EXECUTE format('CREATE POLICY tail ON %I FOR SELECT TO %I USING (true)', own, tail);
  END LOOP;
  -- An unset app.organisation raises an error: the reader fails closed.
  EXECUTE format($p$CREATE POLICY addressed ON audience_organisation FOR SELECT TO %I
    USING (organisation_id = (SELECT current_setting('app.organisation')::integer))$p$, reader);
  EXECUTE format($p$CREATE POLICY addressed ON log FOR SELECT TO %I
    USING (audience_id IN (SELECT audience_id FROM audience_organisation))$p$, reader);
  -- A scalar subquery with a limit stays an index look-up for each row; EXISTS would be planned as a hash of
  -- the whole log for each statement.
  EXECUTE format($p$CREATE POLICY addressed ON rendition FOR SELECT TO %I
    USING ((SELECT true FROM log WHERE log.rendition_id = rendition.id LIMIT 1))$p$, reader);
  EXECUTE format($p$CREATE POLICY addressed ON observable FOR SELECT TO %I
    USING ((SELECT true FROM log WHERE log.rendition_id = observable.rendition_id LIMIT 1))$p$, reader);
END $$;
