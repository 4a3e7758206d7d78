import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PlatformProcess } from "../support/platform.ts";

const MAIN = fileURLToPath(new URL("../../services/standalone/src/main.ts", import.meta.url));

/** Starts a killed platform on the same data, and kills it again after `aliveMs`, whether it serves by then or not. */
export async function startAndKill(
  platform: PlatformProcess,
  env: Record<string, string>,
  aliveMs: number,
): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      SUAR_DATA_DIR: platform.dataDir,
      PORT: new URL(platform.url).port,
      LOG_LEVEL: "warn",
      SUAR_WEBHOOK_ALLOW: "127.0.0.0/8",
      ...env,
    },
    stdio: "ignore",
  });
  const exited = once(child, "exit");
  const killing = setTimeout(() => child.kill("SIGKILL"), aliveMs);
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(killing);
  if (signal !== "SIGKILL") throw new Error(`the platform ended by itself with ${code ?? signal}`);
}
