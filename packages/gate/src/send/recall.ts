import { randomUUID } from "node:crypto";
import { PUBLIC } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { insertRecall, insertRecallReceivers } from "../store/recall.ts";
import { withdraw } from "./withdraw.ts";

export type RecallOrder = { stixId: string; dueInMs: number };

/**
 * The originator takes back what it stated, and expects a word from everybody who was sent it: a withdrawal, and in the
 * same transaction the list of those who are to acknowledge it, each with the ids that it knows the object by. Whoever
 * never had it stands in no list. Throws `not-found` or `already-withdrawn`.
 */
export async function recall(
  db: PoolClient,
  context: ReleaseContext,
  { stixId, dueInMs }: RecallOrder,
): Promise<{ id: string; at: Date; versions: number }> {
  const id = randomUUID();
  const producer = context.producer.id;
  const dueAfter = (at: Date) => new Date(at.getTime() + dueInMs);
  const { at, versions, told, renditions } = await withdraw(db, context, stixId, (at) => ({
    cause: "recall",
    recall: { id, withdrawnAt: at.toISOString(), dueAt: dueAfter(at).toISOString() },
  }));
  const dueAt = dueAfter(at);
  await insertRecall(db, { id, producer, stixId, at, dueAt, renditions });
  // Of everybody nobody could answer for all.
  const receivers = [...told].filter(([id]) => id !== producer && id !== PUBLIC.id);
  await insertRecallReceivers(
    db,
    id,
    receivers.map(([organisationId, knownAs]) => ({ organisationId, knownAs })),
  );
  return { id, at, versions };
}
