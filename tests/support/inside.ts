import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createLogger, openPlatform, type Platform, PlatformConfig, type Realm } from "@suar/runtime";
import { ownerUrl } from "./embedded-postgres.ts";

/** The connections of another process of a platform that runs: what no route leads to can be called as it is. */
export type Inside = { platform: Platform; realm: Realm; close(): Promise<void> };

export async function openInside(dataDir: string): Promise<Inside> {
  const url = ownerUrl(dataDir);
  const platform = openPlatform({
    config: PlatformConfig.parse({}),
    log: createLogger("silent", "inside"),
    databaseUrl: url,
    adminUrl: url,
    secret: readFileSync(join(dataDir, "secret"), "utf8").trim(),
  });
  const realm = await platform.realms.named("live");
  return { platform, realm, close: async () => await platform.close() };
}
