-- Up Migration
-- Policies of pairs that members have signed in place of those that ship. Written by governance alone.

-- A member's Ed25519 keys for signing policies. The private halves never come here.
CREATE TABLE policy_key (
  id            text PRIMARY KEY,
  member        text NOT NULL REFERENCES member (code),
  public_key    bytea NOT NULL UNIQUE CHECK (octet_length(public_key) = 32),
  label         text NOT NULL,
  waits         boolean NOT NULL,
  created_by    text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  confirmed_by  text,
  confirmed_at  timestamptz,
  revoked_by    text,
  revoked_at    timestamptz,
  CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
  CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);
CREATE INDEX policy_key_member ON policy_key (member);
COMMENT ON COLUMN policy_key.waits IS 'Until an officer of another member confirms it, nothing can be signed with it';

CREATE TABLE policy_proposal (
  id            uuid PRIMARY KEY,
  exporter      text NOT NULL REFERENCES member (code),
  importer      text NOT NULL,
  version       integer NOT NULL,
  effective_from timestamptz NOT NULL,
  policy        text NOT NULL,
  hash          bytea NOT NULL,
  proposer      text NOT NULL REFERENCES member (code),
  proposed_by   text NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  signed_at     timestamptz,
  withdrawn_by  text,
  withdrawn_at  timestamptz,
  CHECK (signed_at IS NULL OR withdrawn_at IS NULL),
  CHECK (proposer IN (exporter, importer))
);
CREATE UNIQUE INDEX policy_proposal_version ON policy_proposal (exporter, importer, version) WHERE signed_at IS NOT NULL;
CREATE INDEX policy_proposal_pair ON policy_proposal (exporter, importer, created_at);
COMMENT ON COLUMN policy_proposal.policy IS 'Canonical JSON (RFC 8785): the very bytes that are signed';
COMMENT ON COLUMN policy_proposal.signed_at IS 'When the last signature that it needs came: it is in force from then, or from the time that it names';

CREATE TABLE policy_signature (
  proposal_id  uuid NOT NULL REFERENCES policy_proposal (id),
  member       text NOT NULL REFERENCES member (code),
  key_id       text NOT NULL REFERENCES policy_key (id),
  signature    bytea NOT NULL CHECK (octet_length(signature) = 64),
  signed_by    text NOT NULL,
  signed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (proposal_id, member)
);

-- What realms decide by: every signed version; which of them is in force, the clock says.
CREATE VIEW signed_policy AS
  SELECT exporter, importer, version, policy, greatest(effective_from, signed_at) AS effective_from
    FROM policy_proposal WHERE signed_at IS NOT NULL;
-- And what their members have agreed on, by the clock.
CREATE VIEW agreement_in_force AS
  SELECT proposer, partner, kind FROM agreement
   WHERE accepted_at IS NOT NULL AND ended_at IS NULL
     AND begins <= (clock_timestamp() AT TIME ZONE 'UTC')::date
     AND (ends IS NULL OR ends > (clock_timestamp() AT TIME ZONE 'UTC')::date);

GRANT SELECT, INSERT, UPDATE ON policy_key, policy_proposal, policy_signature TO suar_core;
GRANT SELECT ON signed_policy, agreement_in_force TO suar_core;
