import { bootstrapPath, preparePlatform, updateBootstrapUrl } from "@suar/identity";
import { createLogger, onSignal, openPlatform, orExplain, runServices } from "@suar/runtime";
import { readConfig } from "./config.ts";
import { openDatabase } from "./database.ts";
import { allServices } from "./services.ts";
import { welcome } from "./welcome.ts";

// The whole platform in one process: database, migrations, seed, services.
await orExplain(async () => {
  const config = readConfig();
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
    process.stdout.write(
      welcome(
        running.url,
        config.SUAR_BOOTSTRAP === "file" ? bootstrapPath(config.SUAR_DATA_DIR) : undefined,
      ),
    );
    onSignal(async () => {
      await running.stop();
      await database.stop();
    });
  } catch (error) {
    await platform.close();
    await database.stop();
    throw error;
  }
});
