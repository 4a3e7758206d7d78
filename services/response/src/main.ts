import { runAlone } from "@suar/runtime";
import { responseService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(responseService(), readConfig);
