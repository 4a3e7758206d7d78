import { runAlone } from "@suar/runtime";
import { feedService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(feedService(), readConfig);
