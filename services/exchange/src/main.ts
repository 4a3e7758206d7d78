import { runAlone } from "@suar/runtime";
import { exchangeService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(exchangeService(readConfig()), readConfig);
