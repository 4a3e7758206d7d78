import { runAlone } from "@suar/runtime";
import { identityService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(identityService(), readConfig);
