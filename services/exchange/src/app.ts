import { startPen, writeDeliveries } from "@suar/log";
import type { Service } from "@suar/runtime";
import { registerLog } from "./routes/log.ts";
import { registerObjects } from "./routes/objects.ts";
import { registerRecalls } from "./routes/recalls.ts";
import { registerReceipts } from "./routes/receipts.ts";
import { registerSearch } from "./routes/search.ts";
import { registerTaxii } from "./routes/taxii.ts";

/** Exchange: the pen's process, and reading: log, objects, search, TAXII. */
export function exchangeService(): Service {
  return {
    name: "exchange",
    routes: async (app, platform) => {
      const stopWaiting = registerLog(app, platform);
      registerObjects(app, platform);
      registerReceipts(app, platform);
      registerRecalls(app, platform);
      registerSearch(app, platform);
      await registerTaxii(app, platform);
      return stopWaiting;
    },
    serveRealm: async (platform, realm) => {
      const pen = startPen(realm, platform.signals, platform.log);
      const stopWriting = writeDeliveries(realm, platform.log);
      return async () => {
        await pen.stop();
        await stopWriting();
      };
    },
  };
}
