import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, caller, submitAndWait, wholeLog } from "../support/api.ts";
import { startCompose } from "../support/compose.ts";
import { programOrSkip } from "../support/needed.ts";
import { startPlatform } from "../support/platform.ts";
import type { RunningPlatform } from "./suite.ts";

/** Real input by others, beside the repository; it is read and never committed. */
const CORPUS = fileURLToPath(new URL("../../../shared/corpus/", import.meta.url));
const present = existsSync(CORPUS);
if (!present) process.stdout.write("the corpus is not beside the repository: its tests are skipped\n");

const files = present
  ? ["misp", "stix"].flatMap((format) =>
      readdirSync(`${CORPUS}${format}`)
        .filter((name) => name.endsWith(".json"))
        .map((name) => ({ format, name, path: `${CORPUS}${format}/${name}` })),
    )
  : [];

const redis = programOrSkip("redis-server");
/** What is understood of a document does not depend on the engine: one that is small, of each format, shows the other road. */
const small = [...Map.groupBy(files, ({ format }) => format).values()].flatMap((some) =>
  some.toSorted((a, b) => statSync(a.path).size - statSync(b.path).size).slice(0, 1),
);

describe.skipIf(!present)("the whole corpus, embedded", () => takesAll(startPlatform, files));
describe.skipIf(!present || redis === undefined)("a small part of the corpus, distributed", () =>
  takesAll(startCompose, small),
);

/** What crosses whole and unasked under the policies that ship; what nobody has a word for (`x-`) does not. */
const FLOWING = ["indicator", "malware", "attack-pattern", "file", "domain-name", "url", "report"];

function takesAll(start: () => Promise<RunningPlatform>, some: typeof files): void {
  let platform: RunningPlatform;
  beforeAll(async () => {
    platform = await start();
  });
  afterAll(async () => await platform?.remove());

  it.each(some)(
    "takes $format/$name: every record is accounted for, nothing rejected without a reason",
    async ({ format, name, path }) => {
      const sg = caller(platform.url, platform.key("SG"));
      const bytes = readFileSync(path);
      const answer = await submitAndWait(sg, `?format=${format}&tlp=green`, bytes, "application/json");
      const { status, counts, lossesInAll } = answer.body;
      const rejected = await rejections(sg, answer);
      process.stdout.write(
        `${format}/${name}: ${JSON.stringify(counts)}, ${lossesInAll} losses, rejected ${JSON.stringify(rejected)}\n`,
      );
      expect(status).toBe("done");
      expect(counts.accepted + counts.merged + counts.unchanged + counts.rejected).toBe(counts.records);
      expect(counts.records).toBeGreaterThan(0);
      for (const one of rejected) expect(one.reason).toMatch(/\S/);
      expect(counts.rejected).toBe(0);

      const again = await submitAndWait(sg, `?format=${format}&tlp=green`, bytes, "application/json");
      expect(again.body.counts).toMatchObject({ records: counts.records, accepted: 0, rejected: 0 });
    },
    120_000,
  );

  it("shows all of it once, in order, to another member what flows between them", async () => {
    const [own, others] = await Promise.all([
      wholeLog(caller(platform.url, platform.key("SG"))),
      wholeLog(caller(platform.url, platform.key("VN", "subscriber"))),
    ]);
    for (const items of [own, others]) {
      const seqs = items.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      const said = items.map((item) => `${item.object.id} ${item.object.modified ?? ""}`);
      expect(new Set(said).size).toBe(said.length);
    }
    const [sent, received] = [countsOf(own), countsOf(others)];
    for (const type of FLOWING) expect(received[type], type).toBe(sent[type]);
    for (const [type, count] of Object.entries(received)) {
      expect(type).not.toMatch(/^x-/);
      expect(count, type).toBeLessThanOrEqual(sent[type] ?? 0);
    }
  });
}

function countsOf(items: readonly { object: { type: string } }[]): Record<string, number> {
  const byType = Map.groupBy(items, ({ object }) => object.type);
  return Object.fromEntries([...byType].map(([type, { length }]) => [type, length]));
}

async function rejections(
  api: ReturnType<typeof caller>,
  first: Answer,
): Promise<{ code: string; reason: string }[]> {
  const found = [];
  for (let page = first.body; ; ) {
    found.push(...page.records.filter((record: any) => record.outcome === "rejected"));
    if (page.next === undefined) return found;
    page = (await api.get(`/v1/submissions/${first.body.id}?limit=500&after=${page.next}`)).body;
  }
}
