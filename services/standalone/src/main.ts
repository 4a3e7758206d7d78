import { bootstrapPath, preparePlatform, updateBootstrapUrl } from "@suar/identity";
import { createLogger, onSignal, openPlatform, runServices, startProcess } from "@suar/runtime";
import { readConfig, type StandaloneConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { allServices } from "./services.ts";
import { welcome } from "./welcome.ts";

// The whole platform in one process: database, migrations, seed, services.
await startProcess(async () => {
  const config = readConfig();
  // Armed before it starts: a Ctrl-C meanwhile is to leave no database server behind either.
  onSignal(async () => {
    await (await starting).stop();
  });
  const starting = start(config);
  const { url } = await starting;
  const keys = config.SUAR_BOOTSTRAP === "file" ? bootstrapPath(config.SUAR_DATA_DIR) : undefined;
  process.stdout.write(welcome(url, keys));
});

async function start(config: StandaloneConfig): Promise<{ url: string; stop(): Promise<void> }> {
  const log = createLogger(config.LOG_LEVEL, "suar");
  const database = await openDatabase(config, log);
  const platform = openPlatform({
    config,
    log,
    databaseUrl: database.url,
    adminUrl: database.adminUrl,
    secret: database.secret,
  });
  try {
    await preparePlatform(platform);
    const running = await runServices(allServices(config), platform);
    updateBootstrapUrl(config.SUAR_DATA_DIR, running.url);
    return {
      url: running.url,
      stop: async () => {
        await running.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await platform.close();
    await database.stop();
    throw error;
  }
}
