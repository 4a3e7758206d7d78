-- Up Migration
-- The keys with which members' witnesses cosign checkpoints. Written by identity.
CREATE TABLE witness_key (
  public_key     bytea PRIMARY KEY CHECK (octet_length(public_key) = 32),
  member         text NOT NULL REFERENCES member (code),
  vkey           text NOT NULL,
  registered_by  text NOT NULL,
  registered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  revoked_by     text,
  revoked_at     timestamptz,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE UNIQUE INDEX witness_key_of ON witness_key (member) WHERE revoked_at IS NULL;
COMMENT ON TABLE witness_key IS 'One key is one member''s for good, under whatever name: nobody counts twice';
GRANT SELECT, INSERT ON witness_key TO suar_core;
GRANT UPDATE (revoked_by, revoked_at) ON witness_key TO suar_core;

-- What an entry commits to is named by codes, of removed organisations too. Realms see this view.
CREATE VIEW organisation_code AS SELECT id, code FROM organisation;
GRANT SELECT ON organisation_code TO suar_core;
