import type { PoolClient } from "@suar/runtime";
import type { Anew } from "../anew/decide-anew.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Send } from "../judge/judge-release.ts";
import { insertRenditions } from "../store/release.ts";
import { prepareSends } from "./prepare-release.ts";
import { writeRows } from "./write-rows.ts";

/** On whose word something is asked, where that is not the context's. */
type WordOf = (place: { stixId: string; version: string }) => string | undefined;

/** Writes what known versions newly send, in the order given: decided by the same decisions, in one envelope. */
export async function sendAgain(
  db: PoolClient,
  context: ReleaseContext,
  all: readonly Send[],
  { names, decisions }: Pick<Anew, "names" | "decisions">,
  wordOf: WordOf = () => undefined,
): Promise<void> {
  const sends = all.filter(({ copies, asking }) => copies.length > 0 || asking.length > 0);
  if (sends.length === 0) return;
  for (const { copies } of sends) decisions.count(copies);
  const rows = await prepareSends(db, context, sends, names);
  await insertRenditions(db, context.producer.id, rows.renditions);
  const pending = rows.pending.map((one) => ({ ...one, word: wordOf(one) }));
  await writeRows(db, context, { ...rows, pending, kept: [], individuals: decisions.individuals });
}
