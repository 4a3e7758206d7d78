import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { until } from "./api.ts";

/** Work of which no two files of tests do any at once: the others wait. A process that was killed holds nobody up. */
export async function oneAtATime(
  { lock, withinMs }: { lock: string; withinMs: number },
  work: () => Promise<void>,
): Promise<void> {
  await until(withinMs, `another file of tests with ${lock}`, async () => (taken(lock) ? true : undefined));
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes the lock, unless a process that lives has it. */
function taken(lock: string): boolean {
  mkdirSync(dirname(lock), { recursive: true });
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (isLeft(lock)) rmSync(lock, { force: true });
  return false;
}

/** Left behind by a process that was killed. One that has just been made may be empty still. */
function isLeft(lock: string): boolean {
  const made = statSync(lock, { throwIfNoEntry: false });
  if (made === undefined || Date.now() - made.mtimeMs < 1_000) return false;
  try {
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
