import { AppError } from "@suar/contract";
import { type ReleaseContext, recall } from "@suar/gate";
import { appendEvent, type Realm, transaction } from "@suar/runtime";

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Takes back what was stated on another server's word, which that server revokes: a recall like every other, and
 * harmless when it was done before.
 */
export async function takeBack(realm: Realm, context: ReleaseContext, ids: readonly string[]): Promise<void> {
  for (const stixId of ids) {
    try {
      await transaction(realm.write, async (db) => {
        const { id, versions } = await recall(db, context, { stixId, dueInMs: DAY_MS });
        const event = { actor: `submission:${context.submissionId}`, subject: stixId };
        await appendEvent(db, { type: "object-withdrawn.v1", ...event, fields: { versions, recall: id } });
      });
    } catch (error) {
      const isDone = error instanceof AppError && error.code === "already-withdrawn";
      if (!isDone) throw error;
    }
  }
}
