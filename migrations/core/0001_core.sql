-- Up Migration
-- What all realms share: who the members are, who holds which key, which realms there are.
-- Written by: identity (member, organisation, person, machine_key, sign_in_link), feed (live_ticket),
-- drills (realm, drill_run, drill_inject), migrations (secret_check). Realms see organisations through the view core.directory only.

-- What the platform's secret makes of a fixed word: under another secret nothing is migrated or served.
CREATE TABLE secret_check (
  one   boolean PRIMARY KEY DEFAULT true CHECK (one),
  hmac  bytea NOT NULL
);

CREATE TABLE member (
  code        text PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$'),
  languages   text[] NOT NULL,
  confirmed   boolean NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE organisation (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code        text NOT NULL UNIQUE,
  member      text NOT NULL REFERENCES member (code),
  kind        text NOT NULL CHECK (kind IN ('cert', 'agency')),
  name        text NOT NULL,
  sector      text,
  status      text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'removed')),
  removed_with_member  boolean NOT NULL DEFAULT false,
  created_at  timestamptz NOT NULL DEFAULT now(),
  CHECK ((kind = 'cert') = (code = member)),
  CHECK (status = 'removed' OR NOT removed_with_member)
);
-- Names for several members. Fixed by the seeds: whoever could change one would decide who gets what is said to it.
CREATE TABLE recipient_group (
  code     text PRIMARY KEY CHECK (code ~ '^[A-Z]{3,20}$'),
  name     text NOT NULL,
  members  text[] NOT NULL
);

COMMENT ON COLUMN organisation.removed_with_member IS 'Restoring the member gives it back';

CREATE TABLE person (
  id               uuid PRIMARY KEY,
  organisation_id  integer NOT NULL REFERENCES organisation (id),
  title            text NOT NULL,
  email            text,
  roles            text[] NOT NULL,
  status           text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'removed')),
  removed_with_member  boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT now(),
  CHECK (status = 'removed' OR NOT removed_with_member)
);
COMMENT ON COLUMN person.removed_with_member IS 'Restoring the member gives the person back';

-- A realm is a sealed copy: `live`, or one drill run (DESIGN 1.7).
CREATE TABLE realm (
  name        text PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('live', 'drill')),
  state       text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'archived')),
  created_at  timestamptz NOT NULL DEFAULT now()
);

-- The secret itself is nowhere: only its HMAC under the platform's pepper.
CREATE TABLE machine_key (
  id               text PRIMARY KEY,
  realm            text NOT NULL REFERENCES realm (name),
  organisation_id  integer REFERENCES organisation (id),
  person_id        uuid REFERENCES person (id),
  roles            text[] NOT NULL,
  label            text NOT NULL,
  secret_hmac      bytea NOT NULL,
  issued_by        text,
  waits            boolean NOT NULL DEFAULT false,
  created_at       timestamptz NOT NULL DEFAULT now(),
  expires_at       timestamptz NOT NULL,
  revoked_at       timestamptz,
  CHECK ((organisation_id IS NULL) = (roles = ARRAY['operator']))
);
COMMENT ON COLUMN machine_key.issued_by IS 'The person or first key on whose word it acts; null: its own';
COMMENT ON COLUMN machine_key.waits IS 'Until an officer of another member confirms it, it opens nothing';
CREATE INDEX machine_key_organisation ON machine_key (organisation_id);
CREATE INDEX machine_key_realm ON machine_key (realm);

CREATE TABLE sign_in_link (
  token_hmac  bytea PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person (id),
  issued_by   text NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  expires_at  timestamptz NOT NULL,
  used_at     timestamptz
);

CREATE TABLE live_ticket (
  token_hmac  bytea PRIMARY KEY,
  key_id      text NOT NULL REFERENCES machine_key (id),
  expires_at  timestamptz NOT NULL
);

CREATE TABLE drill_run (
  id               uuid PRIMARY KEY,
  realm            text NOT NULL UNIQUE REFERENCES realm (name),
  organisation_id  integer NOT NULL REFERENCES organisation (id),
  scenario         text NOT NULL,
  state            text NOT NULL CHECK (state IN ('ready', 'running', 'paused', 'ended', 'archived')),
  speed            double precision NOT NULL,
  segments         jsonb NOT NULL DEFAULT '[]',
  replay_of        uuid REFERENCES drill_run (id),
  created_by       text NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE drill_inject (
  run_id         uuid NOT NULL REFERENCES drill_run (id),
  inject         text NOT NULL,
  state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'fired', 'failed')),
  fired_at       timestamptz,
  scenario_ms    bigint,
  late_by_ms     bigint,
  submission_id  uuid,
  problem        text,
  PRIMARY KEY (run_id, inject)
);

CREATE VIEW directory AS
  SELECT id, code, member, kind, name, sector FROM organisation WHERE status = 'active';

CREATE TABLE activity (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  type       text NOT NULL,
  actor      text NOT NULL,
  subject    text NOT NULL,
  fields     jsonb NOT NULL DEFAULT '{}'
);

GRANT USAGE ON SCHEMA core TO suar_core;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core TO suar_core;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA core TO suar_core;
REVOKE UPDATE, DELETE ON activity FROM suar_core;
REVOKE INSERT, UPDATE, DELETE ON secret_check FROM suar_core;
