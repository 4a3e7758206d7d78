import { runAlone } from "@suar/runtime";
import { intakeService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(intakeService(readConfig()), readConfig);
