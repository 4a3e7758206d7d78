import { once } from "node:events";
import { type PlatformProcess, spawnPlatform } from "../support/platform.ts";

/** Starts a killed platform on the same data, and kills it again after `aliveMs`, whether it serves by then or not. */
export async function startAndKill(
  platform: PlatformProcess,
  env: Record<string, string>,
  aliveMs: number,
): Promise<void> {
  const { port } = new URL(platform.url);
  const child = spawnPlatform({ dataDir: platform.dataDir, env, port }, "ignore");
  const exited = once(child, "exit");
  const killing = setTimeout(() => child.kill("SIGKILL"), aliveMs);
  const [code, signal] = (await exited) as [number | null, NodeJS.Signals | null];
  clearTimeout(killing);
  if (signal !== "SIGKILL") throw new Error(`the platform ended by itself with ${code ?? signal}`);
}
