import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csafReader } from "../../csaf/read-csaf.ts";
import type { FieldLoss } from "../../draft.ts";
import { collect } from "../../testing/collect-drafts.ts";
import { csafAdvisories, productStatement } from "../../testing/csaf-advisories.ts";
import { csafFaults } from "../../testing/csaf-validator.ts";
import { NOW, written } from "../../testing/export-fixture.ts";
import { faultsOf } from "../../testing/validated.ts";
import { csafFiles, csafDocuments as documentsOf, released } from "../../testing/written-csaf.ts";
import { writers } from "../../writers.ts";
import { fileNameOf } from "./directory.ts";

const csafDocuments = (...given: Parameters<typeof documentsOf>): any[] => documentsOf(...given);
const FIXTURES = resolve(import.meta.dirname, "../../csaf/fixtures");
const fixture = (name: string): any => JSON.parse(readFileSync(resolve(FIXTURES, name), "utf8"));
const CORPUS = resolve(import.meta.dirname, "../../../../../../shared/corpus/csaf");
const FORMATS = { "2.0": "csaf", "2.1": "csaf-2.1" } as const;
const LABELS: Readonly<Record<string, string>> = { "clear 2.0": "WHITE" };

/** What of a document is neither named by a loss nor said by its marking. */
function withoutLost(advisory: any, losses: readonly FieldLoss[]): any {
  const left = structuredClone(advisory);
  for (const { at } of losses) {
    const path = at.slice(1).split("/");
    const last = path.pop() as string;
    const holder = path.reduce((one, name) => one?.[name], left);
    if (holder !== undefined) Reflect.deleteProperty(holder, last);
  }
  const { csaf_version: version, distribution } = left.document;
  const said = distribution?.tlp?.label ?? "GREEN";
  const label = LABELS[`${said.toLowerCase()} ${version}`] ?? said;
  left.document.distribution = { tlp: { label, url: "https://www.first.org/tlp/" } };
  return left;
}

async function readAndWritten(advisory: any): Promise<{ out: any[]; left: any; faults: string[] }> {
  const collected = await collect(csafReader, advisory);
  const version = advisory.document.csaf_version as keyof typeof FORMATS;
  const out = csafDocuments(FORMATS[version], released(collected.drafts));
  return { out, left: withoutLost(advisory, collected.losses), faults: faultsOf(collected) };
}

describe("what was read of CSAF", () => {
  it.each([
    ["advisory-2.0.json", "2.0", "advisory-2.0.written-2.0.json"],
    ["advisory-2.0.json", "2.1", "advisory-2.0.written-2.1.json"],
    ["advisory-2.1.json", "2.0", "advisory-2.1.written-2.0.json"],
  ] as const)("%s is written as CSAF %s says it: %s", async (input, version, golden) => {
    const { drafts } = await collect(csafReader, fixture(input));
    expect(csafDocuments(FORMATS[version], released(drafts))).toEqual([fixture(golden)]);
    expect(await csafFaults(fixture(golden))).toEqual([]);
  });

  it("comes out as it went in, but for what the losses name, and valid in both versions", async () => {
    await fc.assert(
      fc.asyncProperty(csafAdvisories(), async (advisory) => {
        expect(await csafFaults(advisory)).toEqual([]);
        const { out, left, faults } = await readAndWritten(advisory);
        expect(faults).toEqual([]);
        expect(out).toEqual([left]);
        const { drafts } = await collect(csafReader, advisory);
        for (const format of Object.values(FORMATS))
          for (const one of csafDocuments(format, released(drafts)))
            expect(await csafFaults(one)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is valid also for those who may not see some of it, and names nothing of that", async () => {
    await fc.assert(
      fc.asyncProperty(csafAdvisories(), fc.infiniteStream(fc.boolean()), async (advisory, sees) => {
        const items = released((await collect(csafReader, advisory)).drafts);
        const seen = items.filter(({ object }) => object.type === "report" || sees.next().value);
        const gone = items.filter((one) => !seen.includes(one));
        for (const format of Object.values(FORMATS)) {
          const text = JSON.stringify(csafDocuments(format, seen));
          for (const one of JSON.parse(text)) expect(await csafFaults(one)).toEqual([]);
          for (const { object } of gone)
            if (object.type === "vulnerability") expect(text).not.toContain(object.name);
        }
      }),
      { numRuns: 15 },
    );
  });

  it("is under the strictest marking of its parts, and never under a laxer label", async () => {
    const items = released((await collect(csafReader, fixture("advisory-2.0.json"))).drafts);
    const stricter = items.map((one) =>
      one.object.type === "vulnerability"
        ? { ...one, tlp: "amber+strict" as const, pap: "amber" as const }
        : one,
    );
    const [[old], [recent]] = [csafDocuments("csaf", stricter), csafDocuments("csaf-2.1", stricter)];
    expect(old.document.distribution).toMatchObject({
      text: "TLP:AMBER+STRICT; PAP:AMBER",
      tlp: { label: "RED" },
    });
    expect(recent.document.distribution).toMatchObject({ text: "PAP:AMBER", tlp: { label: "AMBER+STRICT" } });
  });

  it.skipIf(!existsSync(CORPUS))("is whole in the corpus: no loss but those that are named", async () => {
    for (const file of readdirSync(CORPUS).filter((name) => name.endsWith(".json"))) {
      const advisory = JSON.parse(readFileSync(resolve(CORPUS, file), "utf8"));
      const { out, left, faults } = await readAndWritten(advisory);
      expect(faults, file).toEqual([]);
      expect(out, file).toEqual([left]);
      expect(await csafFaults(out[0]), file).toEqual([]);
    }
  });
});

describe("what was no CSAF", () => {
  it("becomes an advisory by what STIX says of products, as the golden file says", async () => {
    const items = productStatement();
    expect(csafDocuments("csaf-2.1", items)).toEqual([fixture("statement.written-2.1.json")]);
    expect(await csafFaults(fixture("statement.written-2.1.json"))).toEqual([]);
  });

  it("is valid, whichever of its parts are there", async () => {
    const all = productStatement();
    await fc.assert(
      fc.asyncProperty(fc.subarray(all), async (items) => {
        for (const format of Object.values(FORMATS))
          for (const one of csafDocuments(format, items)) expect(await csafFaults(one)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("is none without products: a report of a threat is no advisory", () => {
    const withoutProducts = productStatement().filter(({ object }) => object.type !== "software");
    expect(csafDocuments("csaf", withoutProducts)).toEqual([]);
  });

  it("is an advisory by a vulnerability alone, where that was asked for", () => {
    const alone = productStatement().filter(({ object }) => object.type !== "report");
    expect(csafDocuments("csaf", alone).map(({ document }) => document.title)).toEqual(["CVE-2026-0003"]);
    const parts = alone.map((one) => ({ ...one, isPart: true as const }));
    expect(csafDocuments("csaf", parts)).toEqual([]);
  });
});

describe("the archive", () => {
  it("has the folders of a provider, with hashes and lists", async () => {
    const { drafts } = await collect(csafReader, fixture("advisory-2.0.json"));
    const files = csafFiles("csaf", [...released(drafts), ...productStatement()]);
    expect([...files.keys()]).toEqual([
      "README.txt",
      "th/2026/report--5b0f2a7e-9d44-4c6b-8a1e-000000000001.json",
      "th/2026/report--5b0f2a7e-9d44-4c6b-8a1e-000000000001.json.sha256",
      "sg/2026/ex-1.json",
      "sg/2026/ex-1.json.sha256",
      "th/index.txt",
      "th/changes.csv",
      "sg/index.txt",
      "sg/changes.csv",
    ]);
    expect(files.get("sg/index.txt")).toBe("2026/ex-1.json\n");
    expect(files.get("sg/changes.csv")).toBe('"2026/ex-1.json","2026-01-03T08:00:00+08:00"\n');
    expect(files.get("README.txt")).toContain("TLP:AMBER, made for MY:port");
  });

  it("is one that tar unpacks", async () => {
    const { drafts } = await collect(csafReader, fixture("advisory-2.0.json"));
    const input = Buffer.from(written("csaf", released(drafts)));
    const { status, stdout } = spawnSync("tar", ["-xOf", "-", "sg/2026/ex-1.json"], {
      input,
      encoding: "utf8",
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(fixture("advisory-2.0.written-2.0.json"));
  });

  it("says of a drill that it is one, in each title", async () => {
    const { drafts } = await collect(csafReader, fixture("advisory-2.0.json"));
    const [advisory] = csafDocuments("csaf", released(drafts), { exercise: "drill_rope" });
    expect(advisory.document.title).toBe("EXERCISE drill_rope: Example Router: buffer overflow");
    expect(await csafFaults(advisory)).toEqual([]);
  });

  it.each([
    ["Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"],
    ["RHBA-2019:0024", "rhba-2019_0024.json"],
    ["../../etc/passwd", "_etc_passwd.json"],
    ["2022 #01-A", "2022_01-a.json"],
  ])("calls the file of %s %s (CSAF 5.1)", (id, name) => expect(fileNameOf(id)).toBe(name));

  it("holds a bounded number of renditions, and says so instead of a part", () => {
    const [report] = productStatement();
    const long = { ...report, body: "x".repeat(1024 * 1024) } as NonNullable<typeof report>;
    const writer = writers.csaf.open({ now: NOW, exercise: undefined });
    expect(() => Array.from({ length: 17 }, () => writer.write(long))).toThrow(
      expect.objectContaining({ code: "too-large" }),
    );
  });
});
