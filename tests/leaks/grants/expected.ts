/**
 * Who may do what in PostgreSQL, as a person reads and approves it; table-grants.test.ts holds the catalog against it. A
 * new table, function, sequence or view is added here, with a thought for who really needs it: `read` shows a member
 * what is addressed to it and never an original, `tail` is the log's, `write` is the one-way road, `core` knows who there
 * is. Letters are PostgreSQL's: r SELECT, a INSERT, w UPDATE, d DELETE, D TRUNCATE, U USAGE, C CREATE, X EXECUTE.
 */
export type Expected = Record<string, Partial<Record<"core" | "write" | "read" | "tail" | "as", string>>>;

/** Tables of a realm, `live` or a drill: what its own three roles may do. The roles of another may nothing. */
export const REALM_TABLES: Expected = {
  activity: { write: "ra" },
  advisory: { write: "rawd" },
  alert: { write: "rawd" },
  alert_cursor: { write: "rawd" },
  alert_rule: { write: "rawd" },
  attempt: { write: "rawd" },
  audience: { write: "ra" },
  audience_organisation: { read: "r", tail: "r", write: "ra" },
  delivery: { write: "rawd" },
  idempotency: { write: "rawd" },
  log: { read: "r", tail: "r", write: "ra" },
  log_head: { read: "r", tail: "r", write: "rawd" },
  object_version: { write: "rawd" },
  observable: { read: "r", write: "rawd" },
  redaction: { write: "rawd" },
  refused_name: { write: "rawd" },
  rendition: { read: "r", tail: "r", write: "rawd" },
  repeatable_call: { write: "rawd" },
  schema_migration: { write: "rawd" },
  source: { write: "rawd" },
  staged: { write: "rawdD" },
  submission: { write: "rawd" },
  submission_chunk: { write: "rawd" },
  submission_outcome: { write: "rawd" },
  unsequenced: { write: "rawd" },
  webhook: { write: "rawd" },
};

/** Sequences of a realm. */
export const REALM_SEQUENCES: Expected = {
  activity_id_seq: { write: "U" },
  attempt_id_seq: { write: "U" },
  audience_id_seq: { write: "U" },
  delivery_fence: { write: "U" },
  rendition_block: { write: "U" },
  schema_migration_id_seq: { write: "U" },
  unsequenced_batch_seq: { write: "U" },
};

/** Functions of a realm. What runs with its owner's rights looks for tables in its own schema, and last for temporary ones. */
export const REALM_FUNCTIONS: Expected = {
  "renditions_with_words(text,text,bigint,integer)": {
    as: "its owner, search_path=<realm>, pg_temp",
    read: "X",
  },
  "seq_logged_by(timestamp with time zone)": { as: "its owner, search_path=<realm>, pg_temp", read: "X" },
};

/** Tables and views of core. Realms know organisations through the directory alone (DESIGN 1.7). */
export const CORE_TABLES: Expected = {
  activity: { core: "ra" },
  directory: { core: "rawd", write: "r" },
  drill_inject: { core: "rawd" },
  drill_run: { core: "rawd" },
  live_ticket: { core: "rawd" },
  machine_key: { core: "rawd" },
  member: { core: "rawd" },
  organisation: { core: "rawd" },
  person: { core: "rawd" },
  realm: { core: "rawd" },
  recipient_group: { core: "rawd" },
  schema_migration: { core: "rawd" },
  secret_check: { core: "r" },
  sector: { core: "rawd" },
  sign_in_link: { core: "rawd" },
};

/** Sequences of core. */
export const CORE_SEQUENCES: Expected = {
  activity_id_seq: { core: "U" },
  organisation_id_seq: { core: "U" },
  schema_migration_id_seq: { core: "U" },
};

/** Schemas. */
export const SCHEMAS: Expected = {
  bullmq: { core: "UC" },
  core: { core: "U", write: "U" },
  "<realm>": { read: "U", tail: "U", write: "U" },
  // Nothing is in it.
  public: { core: "U", read: "U", tail: "U", write: "U" },
};

/** Policies of row-level security, by table. */
export const POLICIES: Record<string, string[]> = {
  audience_organisation: [
    "addressed for r to app_read_<realm> using (organisation_id = ( SELECT (current_setting('app.organisation'::text))::integer AS current_setting))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  log: [
    "addressed for r to app_read_<realm> using (audience_id IN ( SELECT audience_organisation.audience_id FROM <realm>.audience_organisation))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  observable: [
    "addressed for r to app_read_<realm> using ( SELECT true FROM <realm>.log WHERE (log.rendition_id = observable.rendition_id) LIMIT 1)",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  rendition: [
    "addressed for r to app_read_<realm> using ( SELECT true FROM <realm>.log WHERE (log.rendition_id = rendition.id) LIMIT 1)",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
};
