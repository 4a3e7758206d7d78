/** The tables on the road of an entry, from what was stated to what witnesses say. */
export const TABLES = [
  "log",
  "rendition",
  "audience",
  "audience_organisation",
  "log_head",
  "tree_tile",
  "log_epoch",
  "checkpoint",
  "cosignature",
  "object_version",
  "decision",
] as const;
export type Table = (typeof TABLES)[number];

const SEARCH = "what search finds it by, and in which order: what is found is then read with its receipt";
const NEXT = "what the next version, or the next decision, is judged by: that one gets an entry of its own";
const STEERS = "it steers when the pen signs or asks next: what is late is seen by its absence";

/** Columns that no entry commits to, and why they need not be. */
export const NOT_COMMITTED: Record<string, string> = {
  "rendition.rank": SEARCH,
  "rendition.words": SEARCH,
  "rendition.sectors": SEARCH,
  "rendition.said": "it recognizes an echo of what was withdrawn when it is pulled",
  "rendition.revocation":
    "the version that revokes it for TAXII's clients: neutral values, without a receipt; the withdrawal has one",
  "rendition.revocation_rank": SEARCH,
  "rendition.also": SEARCH,
  "rendition.own_words": SEARCH,
  "rendition.copy_of":
    "a copy's original: its originator's receipt opens what it was made of; an original has none",
  "rendition.view": "it recognizes the same copy when it is sent to more",
  "rendition.audience_id": "who had it so far; each entry commits to whom it went",
  "rendition.closes":
    "it tells a loss from a withdrawal to the version's own readers: each entry stays as it is",
  "audience.id": "its entries and members name it: see audience_organisation",
  "audience.hash": "it finds an audience that there is already",
  "object_version.rank": NEXT,
  "object_version.audience_id": "who had it so far; each entry commits to whom it went",
  "object_version.submission_id": NEXT,
  "object_version.withdrawn_at": NEXT,
  "object_version.kept_over": NEXT,
  "object_version.creator": NEXT,
  "object_version.created": NEXT,
  "object_version.revoked": NEXT,
  "object_version.copies": "which copies it has: each of these has entries of its own",
  "object_version.named": NEXT,
  "object_version.community": NEXT,
  "object_version.is_victims": NEXT,
  "object_version.kind": NEXT,
  "object_version.limits": NEXT,
  "decision.id": "its entries name it: see log.decision_id",
  "decision.hash": "it finds a decision that there is already",
  "log_head.one": "there is one row",
  "log_head.logged_at": "the least time of the next entry, which that entry commits to",
  "log_head.epoch": "the pen writes to no epoch that nobody opened (a test of its own)",
  "log_head.seq": "the pen writes to no log that ends elsewhere than its tree (a test of its own)",
  "log_head.frontier": "the pen writes to no log with another edge than its leaves' (a test of its own)",
  "log_epoch.epoch": "the pen writes to no epoch that nobody opened; its origin is in every leaf",
  "log_epoch.restored_from": "the first leaf of a restored epoch commits to it, and the pen looks there",
  "log_epoch.began_at": STEERS,
  "checkpoint.epoch": "its note names the origin, and is signed",
  "checkpoint.signed_at": STEERS,
  "checkpoint.asked_at": STEERS,
  "checkpoint.witnessed_at": "whoever verifies counts the cosignatures",
  "cosignature.member": "the line names its key, and is signed by it",
  "cosignature.received_at": "the line has the witness's own time",
};

/** An expression for another value of a column. */
export function markingOf(type: string, column: string): string {
  switch (type) {
    case "bytea":
      return `set_byte(coalesce(${column}, '\\x00'), 0, 255 - get_byte(coalesce(${column}, '\\x00'), 0))`;
    case "bool":
      return `NOT ${column}`;
    case "timestamptz":
      return `${column} + interval '1 second'`;
    case "int2":
      return `${column} + 1`;
    case "text":
      return `coalesce(${column}, '') || 'x'`;
    default:
      return `${column} + 100000`;
  }
}
