import { readFileSync } from "node:fs";
import { Lifecycle } from "@suar/stix";

const SHIPPED = new URL("../../../../seeds/lifecycle.json", import.meta.url);

/** How long what is said of each kind of value is good for. Throws where the file does not fit its schema. */
export function seedLifecycle(file: URL = SHIPPED): Lifecycle {
  return Lifecycle.parse(JSON.parse(readFileSync(file, "utf8")));
}
