import { join } from "node:path";
import { ROOT } from "./compose-stack.ts";
import { runCommand } from "./local-process.ts";
import { oneAtATime } from "./one-at-a-time.ts";

const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
const LOCK = join(ROOT, "node_modules/.cache/suar-build.lock");
const BUILT_WITHIN_MS = 600_000;

/** Makes what the image's build makes. Files of tests run beside one another: one of them builds, the others wait for it. */
export async function buildImage(): Promise<void> {
  const options = { cwd: ROOT, env: process.env };
  await oneAtATime({ lock: LOCK, withinMs: BUILT_WITHIN_MS }, async () => {
    await runCommand(process.execPath, [TSC, "-b", "tsconfig.build.json"], options, BUILT_WITHIN_MS);
  });
}
