import { AppError } from "@suar/contract";
import { type ReleaseContext, recall, releasing } from "@suar/gate";
import { appendEvent, CLOSED, type PoolClient, type Realm, type Signals } from "@suar/runtime";

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Takes back what was stated on another server's word, which that server revokes: a recall like every other, and
 * harmless when it was done before.
 */
export async function takeBack(
  { realm, signals }: { realm: Realm; signals: Signals },
  context: ReleaseContext,
  ids: readonly string[],
): Promise<void> {
  for (const stixId of ids) {
    try {
      const once = async (db: PoolClient) => {
        const { id, versions } = await recall(db, context, { stixId, dueInMs: DAY_MS });
        const event = { actor: `submission:${context.submissionId}`, subject: stixId };
        await appendEvent(db, { type: "object-withdrawn.v1", ...event, fields: { versions, recall: id } });
      };
      await releasing({ signals }, realm, once, () => CLOSED);
    } catch (error) {
      const isDone = error instanceof AppError && error.code === "already-withdrawn";
      if (!isDone) throw error;
    }
  }
}
