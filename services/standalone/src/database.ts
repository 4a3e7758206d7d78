import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  createSecrets,
  DataDirectoryError,
  type EmbeddedDatabase,
  type Logger,
  makeDataDirectory,
  startEmbedded,
  type visitEmbedded,
} from "@suar/runtime";
import type { StandaloneConfig } from "./config.ts";

/** Where the platform's data are: a given PostgreSQL, or the embedded one in the data directory. */
export type Database = { url: string; adminUrl: string; secret: string; stop(): Promise<void> };

/** `open` starts the embedded one for this process, or visits it while another serves. */
export async function openDatabase(
  config: StandaloneConfig,
  log: Logger,
  open: typeof visitEmbedded = startEmbedded,
): Promise<Database> {
  const secret = config.SUAR_SECRET ?? readOrMakeSecret(config.SUAR_DATA_DIR);
  if (config.DATABASE_URL !== undefined) {
    return {
      url: config.DATABASE_URL,
      adminUrl: config.DATABASE_ADMIN_URL ?? config.DATABASE_URL,
      secret,
      stop: async () => undefined,
    };
  }
  const embedded: EmbeddedDatabase = await open({
    directory: resolve(config.SUAR_DATA_DIR),
    password: createSecrets(secret).password("embedded-postgres"),
    log,
  });
  return { url: embedded.url, adminUrl: embedded.url, secret, stop: embedded.stop };
}

/** The platform's secret, made on the first start and kept beside the data that it protects. */
function readOrMakeSecret(directory: string): string {
  const path = join(directory, "secret");
  makeDataDirectory(directory);
  try {
    if (!existsSync(path))
      writeFileSync(path, randomBytes(48).toString("base64url"), { mode: 0o600, flag: "wx" });
    return readFileSync(path, "utf8").trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST" && existsSync(path))
      return readFileSync(path, "utf8").trim();
    throw DataDirectoryError.unwritable(directory, cause);
  }
}
