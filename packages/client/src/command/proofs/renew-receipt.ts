import {
  commitmentOf,
  GROUP_NAMES,
  History,
  parseReceipt,
  type Receipt,
  toBase64,
  type VerifyOptions,
  verifyReceipt,
  type WitnessPolicy,
} from "@suar/merkle";
import type { FindingCode } from "./findings.ts";

/** By whom a receipt is to be witnessed; checkpoints that were opened before. */
export type Believed = Required<Pick<VerifyOptions, "policy" | "now" | "opened">>;

/**
 * Whether a receipt lacks nothing so far but members who cosign its checkpoint: the platform hands out the newest one until
 * enough have. What is wrong with it otherwise is for `suar verify reconcile` to say.
 */
export function waitsForWitnesses(text: string, believed: Believed): boolean {
  const read = parseReceipt(text);
  if (!read.ok) return false;
  const result = verifyReceipt(read.value, believed);
  return !result.ok && result.code === "too-few-witnesses";
}

/**
 * What keeps a newer receipt from standing in the place of one that waits, which may be all that shows what the log said
 * then: that it is of another entry, or of another history.
 */
export function apartFrom(
  kept: string,
  fresh: Receipt,
  { policy, now }: Believed,
): Extract<FindingCode, "two-contents" | "other-history"> | undefined {
  const read = parseReceipt(kept);
  if (!read.ok || partsOf(read.value).join() !== partsOf(fresh).join()) return "two-contents";
  // Of the one that waits the log's word alone is asked.
  const alone: WitnessPolicy = { ...policy, threshold: 0, required: [], atLeast: [] };
  const history = new History();
  const isOne = [read.value, fresh].every((receipt) => {
    const result = verifyReceipt(receipt, { policy: alone, now });
    return result.ok && history.add(result.receipt);
  });
  return isOne ? undefined : "other-history";
}

/** The head of a receipt, and of each group what it commits to; a sealed group fits its opened one. */
export function partsOf({ origin, loggedAt, kind, groups }: Receipt): string[] {
  const commitments = GROUP_NAMES.map((name) => toBase64(commitmentOf(name, groups[name])));
  return [`${origin} ${loggedAt} ${kind}`, ...commitments];
}
