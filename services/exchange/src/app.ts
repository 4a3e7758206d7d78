import { startPen, writeDeliveries } from "@suar/log";
import type { Service } from "@suar/runtime";
import { registerInbox } from "./routes/inbox.ts";
import { registerLog } from "./routes/log.ts";
import { registerObjects } from "./routes/objects.ts";
import { registerRecalls } from "./routes/recalls.ts";
import { registerReceipts } from "./routes/receipts.ts";
import { registerSearch } from "./routes/search.ts";
import { registerSentRed } from "./routes/sent-red.ts";
import { registerTaxii } from "./routes/taxii.ts";

/** Exchange: the pen's process, and reading: log, objects, search, TAXII, and people's inboxes. */
export function exchangeService(): Service {
  return {
    name: "exchange",
    routes: async (app, platform) => {
      const stopWaiting = registerLog(app, platform);
      registerObjects(app, platform);
      registerReceipts(app, platform);
      registerRecalls(app, platform);
      registerSearch(app, platform);
      registerInbox(app, platform);
      registerSentRed(app, platform);
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
