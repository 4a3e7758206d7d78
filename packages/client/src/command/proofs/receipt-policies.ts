import { parseReceipt } from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import type { Finding } from "./findings.ts";
import { documentsOf, textsIn } from "./item-files.ts";
import type { setsInForce } from "./policy-history.ts";

/** What was decided is numbered a moment later, and after a failure of the pen an hour later at the most. */
const LOGGED_WITHIN_MS = 3_600_000;

export type CheckedReceipts = { findings: Finding[]; receipts: number };

const Why = z.object({ policyHash: z.string() });

/**
 * Of each receipt, whether the policies that it names were in force when it was decided. Whether the receipts themselves
 * hold, `reconcile` tells. A withdrawal of one's own names none: no policy decides it.
 */
export async function checkReceiptPolicies(
  folder: string,
  sets: ReturnType<typeof setsInForce>,
): Promise<CheckedReceipts> {
  const findings: Finding[] = [];
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
      const message =
        "value" in groups.why ? problemOf(groups.why.value, Date.parse(loggedAt), sets) : undefined;
      if (message !== undefined) findings.push({ code: "other-policies", seq, place: one.place, message });
    }
  return { findings, receipts };
}

function problemOf(why: string, loggedAt: number, sets: ReturnType<typeof setsInForce>): string | undefined {
  const { success, data } = Why.safeParse(jsonOr(why, undefined));
  if (!success || data.policyHash === "") return undefined;
  const times = sets.get(data.policyHash);
  if (times === undefined)
    return "it was decided under policies that were never in force together, by what the platform shows of them";
  const isTrue = times.some(({ from, until }) => from <= loggedAt && until >= loggedAt - LOGGED_WITHIN_MS);
  return isTrue ? undefined : "it was decided under policies that were in force at another time";
}
