import type { Gate } from "../context/gate.ts";
import { commitEntry } from "../entry/leaf.ts";

/** A type of nothing: what the log's entry says in place of an object. */
export const SAYS_NOTHING = "x-suar-red";

/**
 * Commits to what went to people: to all of it by one hash, and to no organisation. The entry is shown to nobody; whoever
 * holds the content and the realm's key can tell that it was there.
 */
export function commitRed(
  gate: Gate,
  entry: {
    kind: "released" | "withdrawn";
    renditionId: number;
    audienceId: number;
    submissionId: string;
    /** Over all letters. */
    hash: Buffer;
    originator: string;
  },
): Uint8Array {
  const { submissionId: id, hash, originator, ...place } = entry;
  return commitEntry(gate, {
    ...place,
    sent: { id, type: SAYS_NOTHING, sha256: hash.toString("hex"), tlp: "red", pap: null },
    from: { id, version: "", contentHash: hash },
    originator,
    recipients: [],
    decision: null,
  });
}
