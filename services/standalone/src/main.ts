import { bootstrapPath, preparePlatform, updateBootstrapUrl } from "@suar/identity";
import {
  createLogger,
  type Logger,
  onSignal,
  openPlatform,
  type Running,
  runServices,
  startProcess,
} from "@suar/runtime";
import { readConfig, type StandaloneConfig } from "./config.ts";
import { type Database, openDatabase } from "./database.ts";
import { allServices } from "./services.ts";
import { welcome } from "./welcome.ts";

// The whole platform in one process: database, migrations, seed, services.
await startProcess(async () => {
  const config = readConfig();
  const log = createLogger(config.LOG_LEVEL, "suar");
  const opening = openDatabase(config, log);
  // Armed before it starts: a Ctrl-C meanwhile is to leave no database server behind either.
  onSignal(
    async () => await (await starting).stop(),
    async () => await (await opening).stop(),
  );
  const starting = start(config, log, opening);
  const { url } = await starting;
  const keys = config.SUAR_BOOTSTRAP === "file" ? bootstrapPath(config.SUAR_DATA_DIR) : undefined;
  process.stdout.write(welcome(url, keys));
});

async function start(config: StandaloneConfig, log: Logger, opening: Promise<Database>): Promise<Running> {
  const database = await opening;
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
    return running;
  } catch (error) {
    await platform.close();
    await database.stop();
    throw error;
  }
}
