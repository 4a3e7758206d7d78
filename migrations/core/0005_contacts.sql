-- Up Migration
-- Whom TLP:RED can be addressed to, and which keys are people's own sessions. Written by identity.

-- A person whom an officer has published. The row is the person's inbox: what was addressed to an earlier one stays
-- closed, so that who was removed, and is given back, does not regain what was sent before.
CREATE TABLE contact (
  id            uuid PRIMARY KEY,
  person_id     uuid NOT NULL UNIQUE REFERENCES person (id),
  title         text NOT NULL,
  published_by  text NOT NULL,
  published_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN contact.id IS 'The inbox: a new one each time that the person is published';
COMMENT ON COLUMN contact.title IS 'As other members see it; the person''s own title and address stay its member''s';
GRANT SELECT, INSERT, UPDATE, DELETE ON contact TO suar_core;

ALTER TABLE machine_key ADD COLUMN session boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN machine_key.session IS 'A person signed in to get it; sessions of before sign in anew to read an inbox';
