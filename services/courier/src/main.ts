import { runAlone } from "@suar/runtime";
import { courierService } from "./app.ts";
import { readConfig } from "./config.ts";

await runAlone(courierService(readConfig()), readConfig);
