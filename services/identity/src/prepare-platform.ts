import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeDataDirectory, migratePlatform, type Platform } from "@suar/runtime";
import { type Bootstrap, seedPlatform } from "./seed-platform.ts";

/**
 * The one step before services serve: migrate, seed on the first run, and write the first keys to
 * `<data dir>/bootstrap.json` (mode 0600) unless SUAR_BOOTSTRAP is `none`. Safe to repeat.
 */
export async function preparePlatform(platform: Platform): Promise<{ seeded: boolean }> {
  const { adminUrl, secrets, log, config } = platform;
  await migratePlatform({ adminUrl, secrets, log });
  const withKeys = config.SUAR_BOOTSTRAP === "file";
  const bootstrap = await seedPlatform(platform, withKeys);
  if (bootstrap !== undefined && withKeys) writeBootstrap(config.SUAR_DATA_DIR, bootstrap);
  return { seeded: bootstrap !== undefined };
}

export function bootstrapPath(directory: string): string {
  return join(directory, "bootstrap.json");
}

function writeBootstrap(directory: string, bootstrap: Bootstrap): void {
  makeDataDirectory(directory);
  write(bootstrapPath(directory), { url: "http://127.0.0.1:8080", ...bootstrap });
}

/** Tells the bootstrap file where the platform is reached now; the keys in it stay. */
export function updateBootstrapUrl(directory: string, url: string): void {
  const path = bootstrapPath(directory);
  if (!existsSync(path)) return;
  const content = JSON.parse(readFileSync(path, "utf8")) as { url: string };
  if (content.url !== url) write(path, { ...content, url });
}

// Renamed into place: whoever reads it sees the old or the new one, never half of it.
function write(path: string, content: object): void {
  const next = `${path}.next`;
  writeFileSync(next, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  chmodSync(next, 0o600);
  renameSync(next, path);
}
