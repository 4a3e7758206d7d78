import type { FormatName } from "../format-name.ts";
import { readers } from "../readers.ts";
import { collect } from "./collect-drafts.ts";
import { HOSTILE } from "./hostile-inputs.ts";
import { variantsOf } from "./malformed-variants.ts";

/** Run in a process of its own by hostile.test.ts: reads every input of a format and says what came of it. */
const format = process.argv[2] as FormatName;
// What the process needs before it reads is not the reader's.
await collect(readers[format], Buffer.from("{}")).catch(() => undefined);
const told: object[] = [];
for (const [name, make] of Object.entries({ ...variantsOf(format), ...HOSTILE[format] })) {
  const input = make();
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 5);
  const begun = process.cpuUsage();
  const outcome = await outcomeOf(input);
  const { user, system } = process.cpuUsage(begun);
  clearInterval(watch);
  most = Math.max(most, process.memoryUsage.rss());
  told.push({ name, ...outcome, ms: (user + system) / 1000, megabytes: (most - before) / 1024 / 1024 });
}
process.stdout.write(JSON.stringify(told));

async function outcomeOf(input: Buffer): Promise<{ code: string; at: string | undefined }> {
  try {
    const { rejects, losses } = await collect(readers[format], input);
    const [first] = [...rejects, ...losses];
    return { code: first === undefined ? "read" : "told", at: first?.at };
  } catch (error) {
    const { code = "crashed", at, message } = error as { code?: string; at?: string; message: string };
    return { code, at: code === "crashed" ? message : at };
  }
}
