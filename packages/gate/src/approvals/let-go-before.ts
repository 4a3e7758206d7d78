import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Decided } from "../decide/decided.ts";
import { approvalShown } from "../entry/approval-word.ts";
import { isAsCommitted } from "../entry/open-entry.ts";
import { type ApprovedRow, type DecidedEntry, sealSettled, selectAgreedEntries } from "../store/pending.ts";
import { essenceAsked } from "./decide-pending.ts";
import { givenTo, isEnough, settledSeal } from "./sealed.ts";

/**
 * What was approved before that was sealed is what the log shows to have gone out by these very approvals: nobody without
 * the realm's key writes an entry that commits to the words of those who agreed to this request. It is sealed then, so that
 * the log is looked at once. What the log does not show stays without a seal, and is asked anew.
 */
export async function sealLetGo(
  db: Queryable,
  { gate, producer }: ReleaseContext,
  rows: readonly ApprovedRow[],
  outcomes: ReadonlyMap<number, Decided>,
): Promise<readonly ApprovedRow[]> {
  const old = rows.filter((row) => row.settled_seal === null);
  if (old.length === 0) return rows;
  const entries = await selectAgreedEntries(db, producer.id, old);
  const seals = new Map<string, string>();
  for (const row of old) {
    const asked = essenceAsked(outcomes, row);
    const given = givenTo(gate, row, asked);
    if (!isEnough(row, given)) continue;
    const words = given.map((one) => approvalShown(gate, row.id, one).word);
    const entry = entries.find((one) => showsWords(one, row, words));
    if (entry === undefined || !(await isAsCommitted(db, gate, entry.seq))) continue;
    const seal = settledSeal(gate, row, asked);
    await sealSettled(db, row.id, seal);
    seals.set(row.id, seal);
  }
  return rows.map((row) => ({ ...row, settled_seal: row.settled_seal ?? seals.get(row.id) ?? null }));
}

function showsWords(entry: DecidedEntry, row: ApprovedRow, words: readonly string[]): boolean {
  if (entry.stix_id !== row.stix_id || entry.version !== row.version) return false;
  const { approvals = [] } = JSON.parse(entry.body) as Decided;
  const shown = new Set(approvals.map(({ word }) => word));
  return words.every((word) => shown.has(word));
}
