-- Up Migration
-- Whoever decides by policies can tell at the cost of one number that nothing was written of what shows that they are signed.

CREATE TABLE policy_revision (
  single    boolean PRIMARY KEY DEFAULT true CHECK (single),
  revision  bigint NOT NULL
);
COMMENT ON TABLE policy_revision IS 'Goes up in each transaction that writes a proposal, a signature or a key';
INSERT INTO policy_revision (revision) VALUES (1);

CREATE FUNCTION count_policy_revision() RETURNS trigger
LANGUAGE plpgsql AS $f$
BEGIN
  UPDATE core.policy_revision SET revision = revision + 1;
  RETURN NULL;
END $f$;
REVOKE ALL ON FUNCTION count_policy_revision() FROM PUBLIC;

CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE ON policy_proposal
  FOR EACH STATEMENT EXECUTE FUNCTION count_policy_revision();
CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE ON policy_signature
  FOR EACH STATEMENT EXECUTE FUNCTION count_policy_revision();
CREATE TRIGGER counted AFTER INSERT OR UPDATE OR DELETE ON policy_key
  FOR EACH STATEMENT EXECUTE FUNCTION count_policy_revision();

GRANT SELECT, UPDATE ON policy_revision TO suar_core;
