import { runAlone } from "@suar/runtime";
import { consoleService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(consoleService(), readConfig);
