-- Up Migration
-- The public, to whom what is CLEAR is released as to any other recipient, is no row of organisation: nobody can be a
-- person of it, hold a key of it or sign in for it. It has an id that no organisation gets, and a name in what entries
-- commit to.
ALTER TABLE organisation ADD CHECK (id > 0);
CREATE OR REPLACE VIEW organisation_code AS
  SELECT id, code FROM organisation UNION ALL SELECT -1, 'public';
