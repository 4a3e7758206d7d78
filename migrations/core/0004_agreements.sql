-- Up Migration
-- What two members agreed on, which policies of pairs can make a condition. Written by governance alone.
CREATE TABLE agreement (
  id           uuid PRIMARY KEY,
  kind         text NOT NULL CHECK (kind IN ('asean-mcc', 'china-scc', 'security-assessment', 'mou', 'nda')),
  proposer     text NOT NULL REFERENCES member (code),
  partner      text NOT NULL REFERENCES member (code),
  title        text NOT NULL,
  reference    text,
  begins       date NOT NULL,
  ends         date,
  proposed_by  text NOT NULL,
  accepted_by  text,
  accepted_at  timestamptz,
  ended_by     text,
  ended_member text REFERENCES member (code),
  ended_at     timestamptz,
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  CHECK (proposer <> partner),
  CHECK (ends IS NULL OR ends > begins),
  CHECK ((accepted_by IS NULL) = (accepted_at IS NULL)),
  CHECK ((ended_by IS NULL) = (ended_at IS NULL) AND (ended_by IS NULL) = (ended_member IS NULL))
);
CREATE INDEX agreement_proposer ON agreement (proposer);
CREATE INDEX agreement_partner ON agreement (partner);
COMMENT ON COLUMN agreement.ends IS 'The first day on which it holds no more (UTC); null: until one of the two ends it';
COMMENT ON COLUMN agreement.ended_at IS 'Declined or withdrawn where nobody had accepted it';

GRANT SELECT, INSERT, UPDATE ON agreement TO suar_core;
