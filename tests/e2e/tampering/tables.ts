/** Who finds out: the originator of what the rows are about, its receiver, or another receiver of other entries. */
type Finder = "SG" | "MY" | "TH";

/**
 * Tables whose columns are flipped one by one, and whose row is removed: who looks, and the row. The names in braces are
 * those of the scene. What is not found there must stand in `UNSEEN`.
 */
export const FLIPPED: Record<string, { by: Finder; where: string; strict?: true }> = {
  checkpoint: { by: "SG", where: "size = {size}", strict: true },
  cosignature: { by: "SG", where: "size = {size} AND member = 'CN'", strict: true },
  log: { by: "MY", where: "seq = {seq}" },
  rendition: { by: "MY", where: "id = {rendition}" },
  audience_organisation: {
    by: "MY",
    where:
      "audience_id = {audience} AND organisation_id = (SELECT id FROM core.organisation WHERE code = 'MY')",
  },
  tree_tile: { by: "SG", where: "true" },
  log_epoch: { by: "SG", where: "true" },
  object_version: { by: "SG", where: "stix_id = '{secret}'" },
  reference: { by: "SG", where: "name = '{secret}'" },
  victim: { by: "SG", where: "name = '{victim}' AND outright" },
  victim_cause: { by: "SG", where: "name = '{victim}'" },
  decision: { by: "MY", where: "id = {decision}" },
  pending_release: { by: "SG", where: "id = '{approval}'" },
  marking: { by: "SG", where: "stix_id = '{marked}'" },
  recall: { by: "MY", where: "id = '{recall}'" },
  recall_receiver: {
    by: "MY",
    where:
      "recall_id = '{recall}' AND organisation_id = (SELECT id FROM core.organisation WHERE code = 'MY')",
  },
  recall_acknowledgement: { by: "MY", where: "recall_id = '{recall}'" },
  delivered: {
    by: "MY",
    where:
      "block = 0 AND channel = 'pull' AND organisation_id = (SELECT id FROM core.organisation WHERE code = 'MY')",
  },
  individual_count: { by: "SG", where: "exporter = 'SG' AND importer = 'TH'" },
  "core.agreement": { by: "MY", where: "id = '{agreement}'" },
};

const SEARCH = "what search finds it by, and in which order: what is found is then read with its receipt";
const NEXT = "what the next version, or the next decision, is judged by: that one gets an entry of its own";
const STEERS = "it steers when the pen signs or asks next: what is late is seen by its absence";
const FIXED = "there is no other value that the schema takes by itself";
const WHO = "which person did it is told to nobody by this; an approval's own word names its person";
const SHUT =
  "its originator gets no receipt while something is closed to a reader for no reason, and a reader that had it finds a gap (tests of their own)";

/** Columns of flipped tables that nobody is shown to find, and why they cannot alter what went to whom. */
export const UNSEEN: Record<string, string> = {
  "rendition.rank": SEARCH,
  "rendition.words": SEARCH,
  "rendition.sectors": SEARCH,
  "rendition.said": "it recognizes an echo of what was withdrawn when it is pulled",
  "rendition.revocation_rank": SEARCH,
  "rendition.also": SEARCH,
  "rendition.own_words": SEARCH,
  "rendition.view": "it recognizes the same copy when it is sent to more",
  "rendition.closes":
    "it tells a loss from a withdrawal to the version's own readers: each entry stays as it is",
  "log_epoch.epoch": "the pen writes to no epoch that nobody opened; its origin is in every leaf",
  "log_epoch.vkey": "whoever verifies has the log's key in its own policy file",
  "log_epoch.restored_from": "the first leaf of a restored epoch commits to it, and the pen looks there",
  "log_epoch.began_at": STEERS,
  "checkpoint.epoch": "its note names the origin, and is signed",
  "checkpoint.signed_at": STEERS,
  "checkpoint.asked_at": STEERS,
  "checkpoint.witnessed_at": "whoever verifies counts the cosignatures",
  "cosignature.member": "the line names its key, and is signed by it",
  "cosignature.received_at": "the line has the witness's own time",
  "object_version.kept_over": NEXT,
  "decision.id": "its entries name it: see log.decision_id",
  "decision.hash": "it finds a decision that there is already",
  "pending_release.settled_seal":
    "without the right one it was not let go: nothing goes by it (tests/gate/approvals.test.ts)",
  "pending_release.asked_by": "who may not approve it: an approval's own word says on whose it was given",
  "pending_release.settled_by": WHO,
  "pending_release.reason": "of what was refused or lapsed, which went to nobody",
  "victim.spread": NEXT,
  "marking.revision": "what the marking's ETag is made of",
  "marking.changed_by": WHO,
  "marking.changed_at": "nothing is decided by it",
  "recall.renditions": "which entries the receipts of the originator show beside acknowledgements",
  "recall_acknowledgement.by": WHO,
  "core.agreement.proposed_by": WHO,
  "core.agreement.accepted_by": WHO,
  "core.agreement.ended_by": FIXED,
  "core.agreement.ended_member": FIXED,
  "core.agreement.ended_at": FIXED,
  "core.agreement.created_at": "the order of a list",
};

const OPERATOR = "the operator's word, and said to be (docs/proofs.md, What stays the operator's word)";
const BEFORE =
  "what came in: what became of it is its originator's own entry, which it reads under a receipt";
const DOWN = "what a channel does with entries that have their receipts: one that does not come is a gap";
const ACCESS =
  "who may ask at all: what is answered has its receipt, and what was read is the operator's word";
const DRILL = "drills are sealed off, and have logs of their own";

/** Tables of which nothing is flipped, and why a change of any column of theirs need not be found. */
export const ELSEWHERE: Record<string, string> = {
  audience: "entries and members name its id (see audience_organisation); its hash finds one that there is",
  log_head: "the pen writes to no log whose head is not that of its leaves (tests of their own)",
  closed: SHUT,
  closing:
    "what the originator is told of losses beside its entries, and what processes forget by: access is `closed`",
  unsequenced: "for as long as the pen has not taken it; it is in the columns of the log then",
  observable: SEARCH,
  refused_name: NEXT,
  reevaluation: "when it is decided anew; what is decided then has entries, and names its policies",
  noticed: "when it is decided anew; what is decided then has entries, and names its policies",
  reevaluation_due: "when it is decided anew; what is decided then has entries, and names its policies",
  policy_diff:
    "what is told before a policy is signed: the same decisions are told again, of any text, by its draft",
  inbox_item:
    "held against the log's entry when it is read or looked for (sealed-rows.test.ts); receivedAt and withdrawnAt are the operator's word",
  inbox_object: "what is not sent to a person twice",
  inbox_read: OPERATOR,
  inbox_acknowledgement: OPERATOR,
  recall_reminder: "whom it was reminded, when: a recall stands whether anybody is reminded of it or not",
  approval_notice: "who was told of a request: nothing is released by that",
  activity: OPERATOR,
  submission: BEFORE,
  submission_chunk: BEFORE,
  submission_outcome: BEFORE,
  idempotency: BEFORE,
  repeatable_call: BEFORE,
  staged: BEFORE,
  staged_name: BEFORE,
  source: BEFORE,
  source_event: BEFORE,
  watch_list:
    "sealed with its owner and its version: one that somebody changed does not open (asset-watch.test.ts)",
  webhook: DOWN,
  delivery: DOWN,
  attempt: DOWN,
  alert_rule: DOWN,
  alert: DOWN,
  alert_cursor: DOWN,
  advisory: BEFORE,
  schema_migration: "which migrations have run",
  "core.secret_check": "under another secret nothing is served",
  "core.member": "organisations name it; entries name organisations",
  "core.organisation":
    "entries commit to codes: those of one that was renamed open no more (tests/gate/receipts.test.ts); whose agency it is, is the operator's word",
  "core.recipient_group": "sealed: one that somebody changed names nobody (sealed-rows.test.ts)",
  "core.person": ACCESS,
  "core.machine_key": ACCESS,
  "core.export_link": ACCESS,
  "core.sign_in_link": ACCESS,
  "core.live_ticket": ACCESS,
  "core.contact": ACCESS,
  "core.realm": DRILL,
  "core.drill_run": DRILL,
  "core.drill_inject": DRILL,
  "core.activity": OPERATOR,
  "core.sector": "names of feeds",
  "core.warning_list": "sealed: one that somebody made or changed does not count (warning-lists.test.ts)",
  "core.witness_key": "whoever verifies has the witnesses' keys in its own policy file",
  "core.policy_key": "suar verify policies has the members' keys in a file of its own",
  "core.policy_proposal":
    "suar verify policies, by the members' signatures; entries name the set that decided",
  "core.policy_revision": "when what was verified is verified again; without it, two seconds later",
  "core.policy_signature": "suar verify policies, by the members' keys",
  "core.schema_migration": "which migrations have run",
};

/** Columns of which another row of their table tells something. */
export const ROWS: Record<string, string> = {
  "rendition.revocation": "revocation IS NOT NULL AND NOT closes",
  "rendition.audience_id": "copy_of IS NOT NULL AND NOT closes",
  "rendition.copy_of": "copy_of IS NOT NULL AND NOT closes",
};

/** Columns that another member sees than the rest of their tables. */
export const SEEN_BY: Record<string, Finder> = {
  "recall.stix_id": "SG",
  "rendition.audience_id": "SG",
  "rendition.copy_of": "SG",
};

/** Values for columns of which any other will not do. */
const OTHERS: Record<string, string> = {
  "rendition.body": `replace(body, '"name":"', '"name":"x')`,
  "rendition.tlp": "'green'",
  "marking.tlp": "'green'",
  "marking.pap": "'amber'",
  "pending_release.state": "'refused'",
  "pending_release.decision_id":
    '(SELECT max(d.id) FROM decision d WHERE d.body LIKE \'%"decision":"allow"%\')',
  "individual_count.individuals": "individuals - 1",
  "delivered.times": "set_byte(times, 8 * ({seq} % 512), 127)",
  "pending_release.organisations": "organisations || (SELECT id FROM core.organisation WHERE code = 'TH')",
  "pending_release.approvals": "jsonb_set(approvals, '{0,at}', '\"2026-01-01T00:00:00.000Z\"')",
  "object_version.withdrawn_at": "now()",
  "object_version.limits": "'{\"noForward\": true}'",
  "core.agreement.kind": "'nda'",
  "core.agreement.proposer": "'TH'",
  "core.agreement.partner": "'TH'",
  "core.agreement.ends": "begins + 1000",
};

/** An expression for another value of a column. */
export function otherValue(table: string, column: string, type: string): string {
  return OTHERS[`${table}.${column}`] ?? plainValue(type, column);
}

function plainValue(type: string, column: string): string {
  switch (type) {
    case "bytea":
      return `set_byte(coalesce(${column}, '\\x00'), 0, 255 - get_byte(coalesce(${column}, '\\x00'), 0))`;
    case "bool":
      return `NOT ${column}`;
    case "timestamptz":
      return `${column} + interval '1 second'`;
    case "date":
    case "int2":
      return `${column} + 1`;
    case "uuid":
      return "gen_random_uuid()";
    case "text":
      return `coalesce(${column}, '') || 'x'`;
    case "_text":
      return `coalesce(${column}, '{}') || 'x'::text`;
    case "_int4":
    case "_int8":
      return `coalesce(${column}, '{}') || 100000`;
    default:
      return `${column} + 100000`;
  }
}
