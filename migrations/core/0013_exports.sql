-- Up Migration
-- Keys that stand in an address: they open one export, by its format and filter, and nothing else. As keys of organisations
-- they end with whatever ends those; a link of a machine ends with the key that it was made with.

ALTER TABLE machine_key
  ADD COLUMN purpose text CHECK (purpose = 'export'),
  ADD COLUMN made_with text REFERENCES machine_key (id);
COMMENT ON COLUMN machine_key.purpose IS 'What alone it opens; NULL: what its roles allow';
COMMENT ON COLUMN machine_key.made_with IS 'The key without which it is no good either; NULL where a person made it, with whom it ends';

CREATE TABLE export_link (
  key_id        text PRIMARY KEY REFERENCES machine_key (id),
  format        text NOT NULL,
  filter        jsonb NOT NULL,
  made_by       text NOT NULL,
  last_used_at  timestamptz
);
COMMENT ON COLUMN export_link.last_used_at IS 'To the minute';

GRANT SELECT, INSERT ON export_link TO suar_core;
GRANT UPDATE (last_used_at) ON export_link TO suar_core;
