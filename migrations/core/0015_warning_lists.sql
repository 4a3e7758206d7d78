-- Up Migration
-- What keeps values that are no threat out of blocklists: lists that were loaded (governance), and members' own domains (identity).

CREATE TABLE warning_list (
  id               uuid PRIMARY KEY,
  organisation_id  integer REFERENCES organisation (id),
  name             text NOT NULL,
  version          bigint NOT NULL,
  description      text NOT NULL,
  type             text NOT NULL CHECK (type IN ('string', 'substring', 'hostname', 'cidr', 'regex')),
  attributes       text[] NOT NULL,
  entries          integer NOT NULL,
  content          bytea,
  content_sha256   bytea NOT NULL CHECK (octet_length(content_sha256) = 32),
  source           text NOT NULL,
  loaded_by        text NOT NULL,
  loaded_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  seal             bytea NOT NULL,
  ended_by         text,
  ended_at         timestamptz,
  CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
  CHECK ((content IS NULL) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX warning_list_active ON warning_list (coalesce(organisation_id, 0), name) WHERE ended_at IS NULL;
COMMENT ON COLUMN warning_list.organisation_id IS 'For whom alone it counts; NULL: for all';
COMMENT ON COLUMN warning_list.content IS 'The entries as they were loaded: a JSON list, deflated; gone with the end';
COMMENT ON COLUMN warning_list.seal IS 'Keyed hash of all that it says: only one that the platform itself wrote is one';
COMMENT ON COLUMN warning_list.ended_at IS 'When it was removed, or a newer version came';

ALTER TABLE member ADD COLUMN domains text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN member.domains IS 'Its own names, as its officer or the operator said: a warning list that is built in';

GRANT SELECT, INSERT ON warning_list TO suar_core;
GRANT UPDATE (content, ended_by, ended_at) ON warning_list TO suar_core;
