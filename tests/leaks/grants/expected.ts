/**
 * Who may do what in PostgreSQL, as a person reads and approves it; table-grants.test.ts holds the catalog against it. A
 * new table, function, sequence or view is added here, with a thought for who really needs it: `read` shows a member
 * what is addressed to it and never an original, `tail` is the log's, `inbox` is one person's own, `write` is the
 * one-way road, `core` knows who there is. A column that has grants of its own stands behind its table. Letters are PostgreSQL's: r SELECT, a INSERT, w UPDATE, d DELETE, D TRUNCATE, U USAGE, C CREATE, X EXECUTE.
 */
export type Expected = Record<
  string,
  Partial<Record<"core" | "write" | "read" | "tail" | "inbox" | "as", string>>
>;

const INBOX_ITEM: Expected = {
  inbox_item: { write: "a" },
  "inbox_item.body": { write: "aw" },
  "inbox_item.withdrawn_at": { inbox: "r", write: "raw" },
  ...columns("inbox_item", ["id", "producer", "person", "inbox", "objects", "created_at", "expires"], {
    inbox: "r",
    write: "ra",
  }),
  ...columns(
    "inbox_item",
    ["submission_id", "submitter", "organisation_id", "content_hash", "rendition_id", "body_sha256"],
    {
      write: "ra",
    },
  ),
};

function columns(table: string, names: readonly string[], may: Expected[string]): Expected {
  return Object.fromEntries(names.map((name) => [`${table}.${name}`, may]));
}

/** Tables of a realm, `live` or a drill: what its own three roles may do. The roles of another may nothing. */
export const REALM_TABLES: Expected = {
  activity: { write: "ra" },
  advisory: { write: "rawd" },
  alert: { write: "rawd" },
  alert_cursor: { write: "rawd" },
  alert_rule: { write: "rawd" },
  // What waits for officers, who was told of it, and whose officers are asked by now.
  approval_notice: { write: "ra" },
  asked_officer: { write: "r" },
  attempt: { write: "rawd" },
  audience: { write: "ra" },
  audience_organisation: { read: "r", tail: "r", write: "ra" },
  // Hashes, and what signs them: the same for every reader.
  checkpoint: { read: "r", write: "rad" },
  "checkpoint.asked_at": { read: "r", write: "raw" },
  "checkpoint.witnessed_at": { read: "r", write: "raw" },
  closed: { read: "r", tail: "r", write: "rad" },
  "closed.early": { read: "r", tail: "r", write: "raw" },
  "closed.since": { read: "r", tail: "r", write: "raw" },
  // To whom and why is its originator's to know; the tail has to know of what.
  closing: { write: "ra" },
  ...columns("closing", ["id", "rendition_id", "at", "written_in"], { tail: "r", write: "ra" }),
  cosignature: { read: "r", write: "ra" },
  decision: { write: "ra" },
  delivered: { write: "raw" },
  delivery: { write: "rawd" },
  idempotency: { write: "rawd" },
  // A body is read by nobody, and by its person through open_inbox_item() alone.
  ...INBOX_ITEM,
  inbox_acknowledgement: { inbox: "ra", write: "r" },
  inbox_object: { write: "ra" },
  inbox_read: { inbox: "r", write: "r" },
  individual_count: { write: "raw" },
  log: { read: "r", tail: "r", write: "ra" },
  log_epoch: { read: "r", write: "ra" },
  log_head: { read: "r", tail: "r", write: "rawd" },
  marking: { write: "raw" },
  noticed: { write: "raw" },
  object_version: { write: "rawd" },
  observable: { read: "r", write: "rawd" },
  pending_release: { write: "raw" },
  policy_diff: { write: "rawd" },
  recall: { write: "ra" },
  recall_acknowledgement: { write: "ra" },
  recall_receiver: { write: "ra" },
  recall_reminder: { write: "ra" },
  redaction: { write: "r" },
  reference: { write: "rad" },
  reevaluation: { write: "raw" },
  reevaluation_due: { write: "rawd" },
  refused_name: { write: "rawd" },
  rendition: { read: "r", tail: "r", write: "rawd" },
  repeatable_call: { write: "rawd" },
  schema_migration: { write: "rawd" },
  source: { write: "rawd" },
  source_event: { write: "rawd" },
  staged: { write: "rawdD" },
  staged_name: { write: "rawd" },
  submission: { write: "rawd" },
  submission_chunk: { write: "rawd" },
  submission_outcome: { write: "rawd" },
  tree_tile: { read: "r", write: "raw" },
  unsequenced: { write: "rawd" },
  // What a producer called a victim's: whose statement strips what.
  victim: { write: "raw" },
  victim_cause: { write: "rad" },
  // Sealed: what an organisation has. Filters of requests and of the tail ask for it.
  watch_list: { read: "r", tail: "r", write: "raw" },
  webhook: { write: "rawd" },
};

/** Sequences of a realm. */
export const REALM_SEQUENCES: Expected = {
  activity_id_seq: { write: "U" },
  attempt_id_seq: { write: "U" },
  audience_id_seq: { write: "U" },
  closing_id_seq: { write: "U" },
  decision_id_seq: { write: "U" },
  delivery_fence: { write: "U" },
  // Written by open_inbox_item() alone.
  inbox_read_id_seq: {},
  rendition_block: { write: "U" },
  schema_migration_id_seq: { write: "U" },
  unsequenced_batch_seq: { write: "U" },
};

/** Functions of a realm. What runs with its owner's rights looks for tables in its own schema, and last for temporary ones. */
export const REALM_FUNCTIONS: Expected = {
  "entries_with_words(text,text,bigint,bigint,integer)": {
    as: "its owner, search_path=<realm>, pg_temp",
    read: "X",
  },
  "is_closing()": { as: "its caller, wherever", write: "X" },
  // Whole tiles of hashes, of entries that a reader may not see, too: they tell nothing without their salts.
  "leaf_tile(bigint,integer)": {
    as: "its owner, search_path=<realm>, pg_temp",
    read: "X",
    write: "X",
  },
  // With the caller's rights: what they read, the writer may read itself.
  "lock_producer(text,integer)": { as: "its caller, wherever", write: "X" },
  "open_inbox_item(uuid,text)": { as: "its owner, search_path=<realm>, pg_temp", inbox: "X" },
  "seq_logged_by(timestamp with time zone)": { as: "its owner, search_path=<realm>, pg_temp", read: "X" },
  "standing_now()": { as: "its caller, wherever", write: "X" },
};

/** Functions of core: what its triggers run, with the rights of who changed the row. */
export const CORE_FUNCTIONS = {
  "core.count_policy_revision()": { as: "its caller, wherever" },
  "core.count_revision()": { as: "its caller, wherever" },
};

/** Tables and views of core. Realms know organisations through the directory alone (DESIGN 1.7). */
export const CORE_TABLES: Expected = {
  activity: { core: "ra" },
  agreement: { core: "raw" },
  agreement_in_force: { core: "r", write: "r" },
  contact: { core: "rawd" },
  directory: { core: "rawd", write: "r" },
  directory_revision: { core: "r", write: "r" },
  drill_inject: { core: "rawd" },
  drill_run: { core: "rawd" },
  // What a link opens stays what it was made for.
  export_link: { core: "ra" },
  "export_link.last_used_at": { core: "raw" },
  "export_link.rotated_at": { core: "raw" },
  live_ticket: { core: "rawd" },
  machine_key: { core: "rawd" },
  member: { core: "rawd" },
  organisation: { core: "rawd" },
  organisation_code: { core: "r", write: "r" },
  person: { core: "rawd" },
  policy_evidence: { core: "r", write: "r" },
  policy_key: { core: "raw" },
  policy_proposal: { core: "raw" },
  policy_revision: { core: "rw", write: "r" },
  policy_signature: { core: "raw" },
  realm: { core: "rawd" },
  recipient_group: { core: "rawd" },
  schema_migration: { core: "rawd" },
  secret_check: { core: "r" },
  sector: { core: "rawd" },
  sign_in_link: { core: "rawd" },
  signed_policy: { core: "r", write: "r" },
  // What a list says stays: it ends, and its entries go with that.
  warning_list: { core: "ra" },
  "warning_list.content": { core: "raw" },
  "warning_list.ended_at": { core: "raw" },
  "warning_list.ended_by": { core: "raw" },
  // A key is one member's for good: only its end is written later.
  witness_key: { core: "ra" },
  "witness_key.revoked_at": { core: "raw" },
  "witness_key.revoked_by": { core: "raw" },
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
  "<realm>": { inbox: "U", read: "U", tail: "U", write: "U" },
  // Nothing is in it.
  public: { core: "U", inbox: "U", read: "U", tail: "U", write: "U" },
};

/** What is about an item of one's own inbox. */
function ownInbox(table: string): string {
  const person = "(person = ( SELECT (current_setting('app.person'::text))::uuid AS current_setting))";
  return `(${person} AND (EXISTS ( SELECT FROM <realm>.inbox_item i WHERE (i.id = ${table}.item_id))))`;
}

/** Policies of row-level security, by table. */
export const POLICIES: Record<string, string[]> = {
  audience_organisation: [
    "addressed for r to app_read_<realm> using (organisation_id = ( SELECT (current_setting('app.organisation'::text))::integer AS current_setting))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  closed: [
    "own for r to app_read_<realm> using ((since <= now()) AND ((organisation_id = ( SELECT (current_setting('app.organisation'::text))::integer AS current_setting)) OR ((organisation_id = 0) AND (but_for <> ( SELECT (current_setting('app.organisation'::text))::integer AS current_setting)))))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  inbox_acknowledgement: [
    `own for * to app_inbox_<realm> using ${ownInbox("inbox_acknowledgement")}`,
    "writer for * to app_write_<realm> using true",
  ],
  inbox_item: [
    "own for r to app_inbox_<realm> using ((person = ( SELECT (current_setting('app.person'::text))::uuid AS current_setting)) AND (inbox = ( SELECT (current_setting('app.inbox'::text))::uuid AS current_setting)) AND ((expires IS NULL) OR (expires > now()) OR (withdrawn_at IS NOT NULL)))",
    "writer for * to app_write_<realm> using true",
  ],
  inbox_read: [
    `own for * to app_inbox_<realm> using ${ownInbox("inbox_read")}`,
    "writer for * to app_write_<realm> using true",
  ],
  log: [
    "addressed for r to app_read_<realm> using ((audience_id IN ( SELECT audience_organisation.audience_id FROM <realm>.audience_organisation)) AND (( SELECT true FROM <realm>.closed WHERE (closed.rendition_id = log.rendition_id) LIMIT 1) IS NULL))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  observable: [
    "addressed for r to app_read_<realm> using ((audience_id IN ( SELECT audience_organisation.audience_id FROM <realm>.audience_organisation)) AND ( SELECT true FROM <realm>.log WHERE ((log.rendition_id >= observable.rendition_id) AND (log.rendition_id <= (observable.rendition_id + observable.also))) LIMIT 1))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  rendition: [
    "addressed for r to app_read_<realm> using ( SELECT true FROM <realm>.log WHERE (log.rendition_id = rendition.id) LIMIT 1)",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
  watch_list: [
    "own for r to app_read_<realm> using (organisation_id = ( SELECT (current_setting('app.organisation'::text))::integer AS current_setting))",
    "tail for r to log_tail_<realm> using true",
    "writer for * to app_write_<realm> using true",
  ],
};
