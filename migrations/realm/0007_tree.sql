-- Up Migration
-- The Merkle tree over the log, the checkpoints that are signed of it, and what witnesses say of them.
-- Written by: the pen (log, tree_tile, log_epoch, checkpoint), exchange (cosignature, checkpoint.witnessed_at).

-- An entry's leaf names its place and time besides what the gate committed to. Entries of before keep the leaf that
-- they have: the tree over them stays as it is.
ALTER TABLE log ADD COLUMN commitment bytea;
COMMENT ON COLUMN log.leaf IS 'The leaf''s hash in the tree, at index seq - 1';
COMMENT ON COLUMN log.commitment IS 'What the gate committed to, and can open; NULL for entries of before, which nobody can open, and where a log was restored';

ALTER TABLE unsequenced ADD COLUMN of_before boolean NOT NULL DEFAULT false;
UPDATE unsequenced SET of_before = true;
COMMENT ON COLUMN unsequenced.leaves IS 'What each entry''s leaf is made of: the gate''s commitment';
COMMENT ON COLUMN unsequenced.of_before IS 'Sealed before there were commitments: these are the leaves themselves';

-- What a commitment is opened with, also when the body is gone.
ALTER TABLE rendition ADD COLUMN sha256 bytea;
ALTER TABLE rendition ADD COLUMN pap text;
COMMENT ON COLUMN rendition.sha256 IS 'Of what is withdrawn: of the body as it was released (NULL where it was withdrawn before this was kept)';
COMMENT ON COLUMN rendition.pap IS 'The marking that it was released under; NULL where it had none, and for renditions of before';

-- Tiles as in C2SP tlog-tiles, 256 hashes of 32 bytes at most. Those of level 0 are the column log.leaf. A tile that
-- is not full yet grows by what is added at its end.
CREATE TABLE tree_tile (
  level   smallint NOT NULL CHECK (level > 0),
  n       bigint NOT NULL,
  hashes  bytea NOT NULL,
  PRIMARY KEY (level, n)
);
ALTER TABLE tree_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Those of the log as it is: halved eight times, the leaves are the hashes of level 1, these those of level 2, and so on.
DO $$
DECLARE
  level integer := 1;
BEGIN
  CREATE TEMPORARY TABLE node AS
    SELECT seq - 1 AS i, leaf AS hash FROM log WHERE seq <= (SELECT seq / 256 * 256 FROM log_head);
  WHILE EXISTS (SELECT FROM node) LOOP
    FOR round IN 1..8 LOOP
      CREATE TEMPORARY TABLE parent AS
        SELECT i / 2 AS i, sha256('\x01'::bytea || string_agg(hash, '' ORDER BY i)) AS hash FROM node GROUP BY i / 2;
      DROP TABLE node;
      ALTER TABLE parent RENAME TO node;
    END LOOP;
    INSERT INTO tree_tile SELECT level, i / 256, string_agg(hash, '' ORDER BY i) FROM node GROUP BY i / 256;
    DELETE FROM node WHERE i >= (SELECT count(*) / 256 * 256 FROM node);
    level := level + 1;
  END LOOP;
  DROP TABLE node;
END $$;

-- A log that was restored from a backup goes on in an epoch of its own, with another key: nothing that was signed
-- before can be taken for what is signed now.
CREATE TABLE log_epoch (
  epoch          text PRIMARY KEY,
  after_seq      bigint NOT NULL,
  origin         text NOT NULL UNIQUE,
  vkey           text NOT NULL,
  restored_from  text,
  began_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON COLUMN log_epoch.after_seq IS 'Its first entry is the next one';
COMMENT ON COLUMN log_epoch.restored_from IS 'The checkpoint, kept outside, that the log could not continue; its first entry commits to it. NULL for the first epoch';

CREATE TABLE checkpoint (
  size          bigint PRIMARY KEY,
  epoch         text NOT NULL REFERENCES log_epoch (epoch),
  note          text NOT NULL,
  signed_at     timestamptz NOT NULL,
  asked_at      timestamptz,
  witnessed_at  timestamptz
);
CREATE INDEX checkpoint_asked ON checkpoint (asked_at) WHERE asked_at IS NOT NULL;
CREATE INDEX checkpoint_passing ON checkpoint (signed_at) WHERE asked_at IS NULL;
COMMENT ON COLUMN checkpoint.note IS 'As the log signed it (C2SP tlog-checkpoint); cosignatures stand in their own table';
COMMENT ON COLUMN checkpoint.asked_at IS 'Witnesses were asked to cosign it from then on; NULL: it passes, and is forgotten after an hour';
COMMENT ON COLUMN checkpoint.witnessed_at IS 'Enough members had cosigned it by then';

CREATE TABLE cosignature (
  size         bigint NOT NULL REFERENCES checkpoint (size),
  member       text NOT NULL,
  line         text NOT NULL,
  received_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (size, member)
);
COMMENT ON COLUMN cosignature.line IS 'As it stands below the note (C2SP tlog-cosignature)';

-- A tile of leaves holds those of entries that a reader may not see: hashes, which tell nothing without their salts.
CREATE FUNCTION leaf_tile(tile bigint, width integer) RETURNS bytea
LANGUAGE sql STABLE SECURITY DEFINER AS $f$
  SELECT string_agg(leaf, '' ORDER BY seq) FROM log
   WHERE seq > tile * 256 AND seq <= tile * 256 + least(width, 256)
$f$;

DO $$
DECLARE
  realm   text := current_schema();
  writer  text := 'app_write_' || current_schema();
  reader  text := 'app_read_' || current_schema();
BEGIN
  EXECUTE format('ALTER FUNCTION leaf_tile(bigint, integer) SET search_path = %I', realm);
  REVOKE ALL ON FUNCTION leaf_tile(bigint, integer) FROM PUBLIC;
  EXECUTE format('GRANT EXECUTE ON FUNCTION leaf_tile(bigint, integer) TO %I, %I', writer, reader);
  EXECUTE format('GRANT SELECT, INSERT ON log_epoch, cosignature TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE ON tree_tile TO %I', writer);
  EXECUTE format('GRANT SELECT, INSERT, DELETE, UPDATE (asked_at, witnessed_at) ON checkpoint TO %I', writer);
  EXECUTE format('GRANT SELECT ON tree_tile, log_epoch, checkpoint, cosignature TO %I', reader);
END $$;
