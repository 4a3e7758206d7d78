import { publicNameOf, startPen } from "@suar/log";
import type { Service } from "@suar/runtime";
import { checkpointDirectory, type ExchangeConfig } from "./config.ts";
import { registerLog } from "./routes/log.ts";
import { registerObjects } from "./routes/objects.ts";
import { registerSearch } from "./routes/search.ts";
import { registerTaxii } from "./routes/taxii.ts";
import { registerTlog } from "./routes/tlog.ts";

/** Exchange: the pen's process, and reading: log, objects, search, TAXII. */
export function exchangeService(config: ExchangeConfig): Service {
  return {
    name: "exchange",
    routes: async (app, platform) => {
      const stopWaiting = registerLog(app, platform);
      registerObjects(app, platform);
      registerSearch(app, platform);
      registerTlog(app, platform);
      await registerTaxii(app, platform);
      return stopWaiting;
    },
    serveRealm: async (platform, realm) => {
      const { signals, log, secrets, troubles } = platform;
      const publicName = publicNameOf(config.PUBLIC_URL);
      const keepIn = checkpointDirectory(config);
      const pen = startPen({ realm, signals, log, secrets, troubles, publicName, keepIn });
      return async () => await pen.stop();
    },
  };
}
