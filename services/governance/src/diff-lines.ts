import { setTimeout as sleep } from "node:timers/promises";
import { AppError, type PolicyDiffLine, problemOf } from "@suar/contract";
import { describeProblem, type Platform, type Realm } from "@suar/runtime";
import { type DiffName, selectDiff } from "./store/policy-diff.ts";

const LOOK_EVERY_MS = 250;

/**
 * How far a diff is, now and again; at the end the diff itself, or why there is none. It is worked out by itself
 * (jobs/diff-policies.ts): whoever asked may leave, and ask later how far it has come.
 */
export async function* diffLines(
  { log }: Platform,
  realm: Realm,
  name: DiffName,
  { signal, stillMay }: { signal: AbortSignal; stillMay: () => Promise<void> },
): AsyncGenerator<PolicyDiffLine> {
  try {
    for (;;) {
      signal.throwIfAborted();
      const found = await selectDiff(realm.write, name);
      if (found === undefined) throw new AppError("unavailable", "It was forgotten meanwhile; ask again");
      await stillMay();
      const { done, total, finished_at: finishedAt, result } = found;
      if (finishedAt === null) yield { line: "progress", done, total };
      else if (result === null) throw new AppError("internal", "It failed again and again");
      else {
        yield { line: "diff", diff: result };
        return;
      }
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    const why: unknown = signal.aborted ? signal.reason : error;
    if (signal.aborted && !(why instanceof AppError)) return; // whoever asked is gone
    const { code, detail } = describeProblem(why);
    if (code === "internal") log.error({ err: why }, "a policy diff failed");
    yield { line: "problem", problem: problemOf(code, detail) };
  }
}
