import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { until } from "./api.ts";
import { ROOT } from "./compose-stack.ts";
import { runCommand } from "./local-process.ts";

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const LOCK = join(ROOT, "node_modules/.cache/suar-build.lock");
const BUILT_WITHIN_MS = 600_000;

/** Makes what the image's build makes. Files of tests run beside one another: one of them builds, the others wait for it. */
export async function buildImage(): Promise<void> {
  await until(BUILT_WITHIN_MS, "the build of another file of tests", async () =>
    locked() ? true : undefined,
  );
  try {
    const options = { cwd: ROOT, env: process.env };
    await runCommand(process.execPath, [TSC, "-b", "tsconfig.build.json"], options, BUILT_WITHIN_MS);
  } finally {
    rmSync(LOCK, { force: true });
  }
}

/** Takes the lock, unless a process that lives has it. */
function locked(): boolean {
  mkdirSync(dirname(LOCK), { recursive: true });
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (isLeft()) rmSync(LOCK, { force: true });
  return false;
}

/** Left behind by a process that was killed. One that has just been made may be empty still. */
function isLeft(): boolean {
  const made = statSync(LOCK, { throwIfNoEntry: false });
  if (made === undefined || Date.now() - made.mtimeMs < 1_000) return false;
  try {
    process.kill(Number(readFileSync(LOCK, "utf8")), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
