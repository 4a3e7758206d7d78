-- Up Migration
-- Sectors that have feeds of their own, by their names in STIX's industry-sector-ov. Written by identity, from the seeds.
CREATE TABLE sector (
  code  text PRIMARY KEY CHECK (code ~ '^[a-z][a-z-]{1,40}$'),
  name  text NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON sector TO suar_core;
