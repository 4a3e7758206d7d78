import { runAlone } from "@suar/runtime";
import { drillsService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(drillsService(), readConfig);
