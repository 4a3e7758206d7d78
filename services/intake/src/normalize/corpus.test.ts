import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { resolve } from "node:path";
import { type Draft, readers, WarningLists } from "@suar/formats";
import { describe, expect, it } from "vitest";
import { normalizeDraft } from "./normalize-draft.ts";

const CORPUS = resolve(import.meta.dirname, "../../../../../shared/corpus");
const context = {
  producer: "SG",
  producerIdentity: "identity--11111111-1111-4111-8111-111111111111",
  idMac: (text: string) => createHash("sha256").update(text).digest("hex"),
  receivedAt: "2026-03-01T00:00:00.000Z",
  warnings: new WarningLists([]),
};

type Tally = {
  records: number;
  objects: number;
  rejects: Map<string, number>;
  losses: Map<string, number>;
  drafts: Draft[];
};

async function run(format: "stix" | "misp", file: string): Promise<Tally> {
  const outcomes = new Set<number>();
  const tally: Tally = { records: 0, objects: 0, rejects: new Map(), losses: new Map(), drafts: [] };
  const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);
  for await (const events of readers[format].read(createReadStream(file), context)) {
    for (const event of events) {
      if ("loss" in event) add(tally.losses, `${event.loss.field}: ${event.loss.reason.split(":")[0]}`);
      else if ("untold" in event) add(tally.losses, "untold");
      else if ("reject" in event) {
        outcomes.add(event.reject.index);
        add(tally.rejects, `${event.reject.code} ${event.reject.reason} (${event.reject.at})`);
      } else if ("draft" in event) {
        outcomes.add(event.draft.index);
        tally.drafts.push(event.draft);
        const result = normalizeDraft(event.draft, context);
        if (result.ok) tally.objects += result.items.length;
        else add(tally.rejects, `${result.reject.code} ${result.reject.reason} (${result.reject.at})`);
      }
    }
  }
  tally.records = outcomes.size;
  // Every record number is accounted for: none is skipped, none is silent.
  expect([...outcomes].every((index) => index < outcomes.size)).toBe(true);
  return tally;
}

function report(name: string, { records, objects, rejects, losses, drafts }: Tally): void {
  const lines = [`corpus ${name}: ${records} records, ${drafts.length} drafts, ${objects} objects`];
  for (const [reason, count] of rejects) lines.push(`  rejected ${count} × ${reason}`);
  const kinds = [...losses].sort(([, a], [, b]) => b - a);
  for (const [reason, count] of kinds) lines.push(`  lost ${count} × ${reason}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

const folders = (["misp", "stix"] as const).filter((format) => existsSync(resolve(CORPUS, format)));
if (folders.length === 0) process.stdout.write("no corpus folder here: its tests are skipped\n");

describe.each(folders)("the corpus of %s", (format) => {
  const folder = resolve(CORPUS, format);
  it.each(readdirSync(folder).filter((file) => file.endsWith(".json")))(
    "reads and normalizes %s",
    async (file) => {
      const tally = await run(format, resolve(folder, file));
      report(`${format}/${file}`, tally);
      const refused = [...tally.rejects.values()].reduce((sum, count) => sum + count, 0);
      expect(tally.objects + refused).toBeGreaterThanOrEqual(tally.drafts.length);
      expect(tally.objects).toBeGreaterThan(0);
    },
  );
});

it.skipIf(folders.length === 0)("holds both formats", () => expect(folders).toEqual(["misp", "stix"]));
