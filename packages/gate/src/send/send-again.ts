import type { PoolClient } from "@suar/runtime";
import type { Anew } from "../anew/decide-anew.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import type { Send } from "../judge/judge-release.ts";
import { insertRenditions } from "../store/release.ts";
import { prepareSends } from "./prepare-release.ts";
import { writeRows } from "./write-rows.ts";

/** Writes what a known version newly sends. */
export async function sendAgain(
  db: PoolClient,
  context: ReleaseContext,
  send: Send,
  { names, decisions }: Pick<Anew, "names" | "decisions">,
): Promise<void> {
  if (send.copies.length === 0 && send.asking.length === 0) return;
  decisions.count(send.copies);
  const rows = await prepareSends(db, context, [send], names);
  await insertRenditions(db, context.producer.id, rows.renditions);
  await writeRows(db, context, { ...rows, kept: [], individuals: decisions.individuals });
}
