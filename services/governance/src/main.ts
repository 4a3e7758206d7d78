import { runAlone } from "@suar/runtime";
import { governanceService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(governanceService(), readConfig);
