import { ConfigError, createLogger, openPlatform, startProcess } from "@suar/runtime";
import { readConfig } from "./config.ts";
import { preparePlatform, updateBootstrapUrl } from "./prepare-platform.ts";

// The migrate-and-seed step of the distributed platform: runs before the services, and ends.
await startProcess(async () => {
  const config = readConfig();
  if (config.DATABASE_URL === undefined || config.SUAR_SECRET === undefined) {
    throw new ConfigError(
      "Preparing needs DATABASE_URL (of a role that may create roles and schemas) and SUAR_SECRET.",
    );
  }
  const log = createLogger(config.LOG_LEVEL, "prepare");
  const adminUrl = config.DATABASE_ADMIN_URL ?? config.DATABASE_URL;
  const platform = openPlatform({
    config,
    log,
    databaseUrl: config.DATABASE_URL,
    adminUrl,
    secret: config.SUAR_SECRET,
  });
  const { seeded } = await preparePlatform(platform);
  if (config.PUBLIC_URL !== undefined) updateBootstrapUrl(config.SUAR_DATA_DIR, config.PUBLIC_URL);
  log.info({ seeded }, "prepared");
  await platform.close();
});
