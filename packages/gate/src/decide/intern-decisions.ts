import type { Queryable } from "@suar/runtime";
import type { Gate } from "../context/gate.ts";
import { insertDecisions, selectDecisions } from "../store/decision.ts";
import { type KeptDecision, keepDecision, type TakenAway } from "./decided.ts";

const MOST_REMEMBERED = 10_000;

/** The ids of decisions; equal ones have one. The answer knows each by its hash, in base64. */
export async function internDecisions(
  db: Queryable,
  { decisions }: Pick<Gate, "decisions">,
  all: Iterable<KeptDecision>,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  const missing = new Map<string, KeptDecision>();
  for (const one of all) {
    const key = one.hash.toString("base64");
    const known = decisions.get(key);
    if (known === undefined) missing.set(key, one);
    else ids.set(key, known);
  }
  if (missing.size === 0) return ids;
  await find(db, decisions, missing, ids);
  if (missing.size === 0) return ids;
  await insertDecisions(db, [...missing.values()]);
  await find(db, decisions, missing, ids);
  if (missing.size > 0) throw new Error("a decision could not be kept");
  return ids;
}

/** Those that are kept come out of `missing`. What this very transaction made is not remembered: it may be rolled back. */
async function find(
  db: Queryable,
  decisions: Map<string, number>,
  missing: Map<string, KeptDecision>,
  ids: Map<string, number>,
): Promise<void> {
  const hashes = [...missing.values()].map(({ hash }) => hash);
  for (const { id, hash, uncommitted } of await selectDecisions(db, hashes)) {
    const key = hash.toString("base64");
    missing.delete(key);
    ids.set(key, id);
    if (uncommitted) continue;
    if (decisions.size >= MOST_REMEMBERED) decisions.clear();
    decisions.set(key, id);
  }
}

/** Why something is taken away, as its entries commit to it. */
export type InternedReason = { id: number; body: string };

export async function internReason(
  db: Queryable,
  { gate }: { gate: Pick<Gate, "decisions"> },
  because: TakenAway,
): Promise<InternedReason> {
  const { hash, body } = keepDecision(because);
  const id = (await internDecisions(db, gate, [{ hash, body }])).get(hash.toString("base64"));
  if (id === undefined) throw new Error("a reason could not be kept");
  return { id, body };
}
