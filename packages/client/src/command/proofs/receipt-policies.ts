import { parseReceipt } from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import type { Finding } from "./findings.ts";
import { documentsOf, textsIn } from "./item-files.ts";
import type { ClosedSets, Sets } from "./policy-history.ts";

/** What was decided is numbered a moment later, and after a failure of the pen an hour later at the most. */
const LOGGED_WITHIN_MS = 3_600_000;

/**
 * `closed`: of how many receipts a pair was closed then, since the platform could not verify its policy. `unchecked`: of how
 * many that may be so, which would take too long to look through.
 */
export type CheckedReceipts = { findings: Finding[]; receipts: number; closed: number; unchecked: number };

/** Sets of policies by their hashes, and those with pairs left out, where a receipt names no whole one. */
type History = { whole: Sets; closed: ClosedSets };

const Why = z.object({ policyHash: z.string() });

/**
 * Of each receipt, whether the policies that it names were in force when it was decided. Whether the receipts themselves
 * hold, `reconcile` tells. A withdrawal of one's own names none: no policy decides it.
 */
export async function checkReceiptPolicies(folder: string, history: History): Promise<CheckedReceipts> {
  const findings: Finding[] = [];
  const counts = { closed: 0, unchecked: 0 };
  let receipts = 0;
  for await (const { place, text } of textsIn(folder))
    for (const one of documentsOf(text, place)) {
      const read = parseReceipt(one.text);
      if (!read.ok) {
        const message = `no receipt: ${read.at} ${read.message}`;
        findings.push({ code: "unreadable", seq: null, place: one.place, message });
        continue;
      }
      receipts++;
      const { seq, loggedAt, groups } = read.value;
      const verdict =
        "value" in groups.why ? verdictOf(groups.why.value, Date.parse(loggedAt), history) : "good";
      if (verdict === "closed" || verdict === "unchecked") counts[verdict]++;
      else if (verdict !== "good")
        findings.push({ code: "other-policies", seq, place: one.place, message: WRONG[verdict] });
    }
  return { findings, receipts, ...counts };
}

const WRONG = {
  never:
    "it was decided under policies that were not in force together then, by what the platform shows of them",
  "another-time": "it was decided under policies that were in force at another time",
};

type Verdict = "good" | "closed" | "unchecked" | keyof typeof WRONG;

function verdictOf(why: string, loggedAt: number, { whole, closed }: History): Verdict {
  const { success, data } = Why.safeParse(jsonOr(why, undefined));
  if (!success || data.policyHash === "") return "good";
  const { policyHash: hash } = data;
  const decided = { from: loggedAt - LOGGED_WITHIN_MS, until: loggedAt };
  const times = whole.get(hash);
  if (times?.some(({ from, until }) => from <= decided.until && until >= decided.from)) return "good";
  if (times !== undefined) return "another-time";
  const isClosed = closed.has(hash, decided);
  if (isClosed === undefined) return "unchecked";
  return isClosed ? "closed" : "never";
}
