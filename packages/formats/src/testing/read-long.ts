import type { FormatName } from "../format-name.ts";
import { readers } from "../readers.ts";
import { LONG } from "./long-inputs.ts";

/** Run in a process of its own by long.test.ts, under a small heap: reads an input of so many megabytes. */
const [, , format = "", megabytes = "1"] = process.argv;
const source = LONG[format]?.(Number(megabytes) * 1024 * 1024);
if (source === undefined) throw new Error(`no long input of ${format}`);
const context = { receivedAt: "2026-03-01T00:00:00.000Z", producer: "SG" };
let [drafts, rejects, most] = [0, 0, 0];
for await (const events of readers[format as FormatName].read(source, context)) {
  drafts += events.filter((event) => "draft" in event).length;
  rejects += events.filter((event) => "reject" in event).length;
  most = Math.max(most, process.memoryUsage.rss());
}
process.stdout.write(JSON.stringify({ drafts, rejects, megabytes: most / 1024 / 1024 }));
