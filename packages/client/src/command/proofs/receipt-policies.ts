import { parseReceipt } from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import type { Finding } from "./findings.ts";
import { documentsOf, textsIn } from "./item-files.ts";
import type { Sets } from "./policy-history.ts";

/** What was decided is numbered a moment later, and after a failure of the pen an hour later at the most. */
const LOGGED_WITHIN_MS = 3_600_000;

/** `closed`: of how many receipts a pair was closed then, since the platform could not verify its policy. */
export type CheckedReceipts = { findings: Finding[]; receipts: number; closed: number };

/** Sets of policies by their hashes; those with pairs left out are made where a receipt names no whole one. */
type History = { whole: Sets; closed(): Sets };

const Why = z.object({ policyHash: z.string() });

/**
 * Of each receipt, whether the policies that it names were in force when it was decided. Whether the receipts themselves
 * hold, `reconcile` tells. A withdrawal of one's own names none: no policy decides it.
 */
export async function checkReceiptPolicies(folder: string, history: History): Promise<CheckedReceipts> {
  const findings: Finding[] = [];
  let [receipts, closed] = [0, 0];
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
      if (verdict === "closed") closed++;
      else if (verdict !== "good")
        findings.push({ code: "other-policies", seq, place: one.place, message: WRONG[verdict] });
    }
  return { findings, receipts, closed };
}

const WRONG = {
  never:
    "it was decided under policies that were never in force together, by what the platform shows of them",
  "another-time": "it was decided under policies that were in force at another time",
};

type Verdict = "good" | "closed" | keyof typeof WRONG;

function verdictOf(why: string, loggedAt: number, { whole, closed }: History): Verdict {
  const { success, data } = Why.safeParse(jsonOr(why, undefined));
  if (!success || data.policyHash === "") return "good";
  const { policyHash: hash } = data;
  const isOf = (sets: Sets): boolean =>
    sets.get(hash)?.some(({ from, until }) => from <= loggedAt && until >= loggedAt - LOGGED_WITHIN_MS) ===
    true;
  if (isOf(whole)) return "good";
  if (whole.has(hash)) return "another-time";
  const left = closed();
  if (isOf(left)) return "closed";
  return left.has(hash) ? "another-time" : "never";
}
