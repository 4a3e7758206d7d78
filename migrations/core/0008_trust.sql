-- Up Migration
-- What shows that a policy in force is what its members signed, so that rows alone put none in force.

ALTER TABLE policy_signature ADD COLUMN seal bytea CHECK (octet_length(seal) = 32);
COMMENT ON COLUMN policy_signature.seal IS 'HMAC under the platform''s secret of what was taken: whoever has the database alone makes none. NULL: from before there were any; it counts for nothing';

-- Every proposal that says of itself that it is signed, or of which both members' signatures are there, as rows have it:
-- nothing of it is true before it is verified. `state` is another as soon as any of these rows was written.
CREATE VIEW policy_evidence AS
  SELECT p.id, p.exporter, p.importer, p.version, p.policy, encode(p.hash, 'hex') AS hash, p.effective_from, p.signed_at,
         p.signed_at <= clock_timestamp() AS settled, p.effective_from <= clock_timestamp() AS begun, s.signatures,
         concat_ws(' ', p.id, p.xmin, p.ctid, s.state, p.signed_at <= clock_timestamp(), p.effective_from <= clock_timestamp()) AS state
    FROM policy_proposal p
    CROSS JOIN LATERAL (
      SELECT count(*) AS many, string_agg(concat_ws(' ', s.xmin, s.ctid, k.xmin, k.ctid), ' ' ORDER BY s.member) AS state,
             coalesce(json_agg(json_build_object('member', s.member, 'owner', k.member,
               'key', encode(k.public_key, 'base64'), 'signature', translate(encode(s.signature, 'base64'), E'\n', ''),
               'seal', encode(s.seal, 'hex'), 'signedAt', s.signed_at, 'waits', k.waits, 'revokedAt', k.revoked_at)
               ORDER BY s.member), '[]') AS signatures
        FROM policy_signature s JOIN policy_key k ON k.id = s.key_id WHERE s.proposal_id = p.id) s
   WHERE p.signed_at IS NOT NULL OR s.many >= CASE WHEN p.importer = 'public' THEN 1 ELSE 2 END;

GRANT SELECT ON policy_evidence TO suar_core;

-- What was agreed, as decisions that stand on it name it: who changes the terms afterwards, changes the name.
CREATE OR REPLACE VIEW agreement_in_force AS
  SELECT proposer, partner, kind,
         encode(sha256(convert_to(concat_ws(E'\n', 'suar/agreement/1', id, kind, proposer, partner,
           to_char(begins::timestamp, 'YYYY-MM-DD'), coalesce(to_char(ends::timestamp, 'YYYY-MM-DD'), ''),
           title, coalesce(reference, '')), 'UTF8')), 'hex') AS hash
    FROM agreement
   WHERE accepted_at IS NOT NULL AND ended_at IS NULL
     AND begins <= (clock_timestamp() AT TIME ZONE 'UTC')::date
     AND (ends IS NULL OR ends > (clock_timestamp() AT TIME ZONE 'UTC')::date);
