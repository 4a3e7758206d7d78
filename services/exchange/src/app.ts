import { publicNameOf, startPen, writeDeliveries } from "@suar/log";
import type { Service } from "@suar/runtime";
import { checkpointDirectory, type ExchangeConfig } from "./config.ts";
import { registerDeliveries } from "./routes/deliveries.ts";
import { registerExplain } from "./routes/explain.ts";
import { registerExportLinks } from "./routes/export-links.ts";
import { registerExports } from "./routes/exports.ts";
import { registerInbox } from "./routes/inbox.ts";
import { registerLog } from "./routes/log.ts";
import { registerMarkings } from "./routes/markings.ts";
import { registerObjects } from "./routes/objects.ts";
import { registerPublic } from "./routes/public.ts";
import { registerRecalls } from "./routes/recalls.ts";
import { registerReceipts } from "./routes/receipts.ts";
import { registerSearch } from "./routes/search.ts";
import { registerSentRed } from "./routes/sent-red.ts";
import { registerTaxii } from "./routes/taxii.ts";
import { registerTlog } from "./routes/tlog.ts";
import { registerWatch } from "./routes/watch.ts";

/** Exchange: the pen's process, and reading: log, objects, search, TAXII, proofs, and people's inboxes. */
export function exchangeService(config: ExchangeConfig): Service {
  return {
    name: "exchange",
    routes: async (app, platform) => {
      const stopWaiting = registerLog(app, platform);
      registerObjects(app, platform);
      registerMarkings(app, platform);
      registerPublic(app, platform);
      registerReceipts(app, platform);
      registerDeliveries(app, platform);
      registerRecalls(app, platform);
      registerExplain(app, platform);
      registerSearch(app, platform);
      registerExports(app, platform);
      registerExportLinks(app, platform);
      registerInbox(app, platform);
      registerSentRed(app, platform);
      registerTlog(app, platform);
      registerWatch(app, platform);
      await registerTaxii(app, platform);
      return stopWaiting;
    },
    serveRealm: async (platform, realm) => {
      const { signals, log, secrets, troubles } = platform;
      const publicName = publicNameOf(config.PUBLIC_URL);
      const keepIn = checkpointDirectory(config);
      const pen = startPen({ realm, signals, log, secrets, troubles, publicName, keepIn });
      const stopWriting = writeDeliveries(realm, log);
      return async () => {
        await pen.stop();
        await stopWriting();
      };
    },
  };
}
