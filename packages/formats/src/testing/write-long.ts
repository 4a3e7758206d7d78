import type { StixObject } from "@suar/stix";
import { ItemFormat } from "../write/export-format.ts";
import { writers } from "../writers.ts";
import { FACTS, item, NOW } from "./export-fixture.ts";

/** Run in a process of its own, under a small heap: writes an export of so many megabytes, each rendition another. */
const [, , name = "", megabytes = "1"] = process.argv;
const format = ItemFormat.parse(name);
const PATTERNS: readonly ((n: number) => string)[] = [
  (n) => `[domain-name:value = 'host-${n}.long.example']`,
  (n) => `[ipv4-addr:value = '${11 + (n % 60)}.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}']`,
  (n) => `[url:value = 'http://www-${n}.long.example/path']`,
  (n) => `[file:hashes.'SHA-256' = '${n.toString(16).padStart(64, "0")}']`,
];
const writer = writers[format].open({ now: NOW, exercise: undefined });
let [size, entries, most] = [writer.header(FACTS).length, 0, 0];
for (let n = 0; size < Number(megabytes) * 1024 * 1024; n += 1) {
  const id = `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}` as StixObject["id"];
  // A list takes one kind of four: it ends all the same.
  const { text } = writer.write(item(PATTERNS[n % PATTERNS.length]?.(n) ?? "", { id, name: `Seen ${n}` }));
  size += text === "" ? 1 : text.length;
  if (text !== "") entries += 1;
  if (n % 1_000 === 0) most = Math.max(most, process.memoryUsage.rss());
}
size += writer.footer(FACTS).length;
process.stdout.write(JSON.stringify({ entries, size, megabytes: most / 1024 / 1024 }));
