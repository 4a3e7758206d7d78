import type { ExportItem, ItemFormat } from "@suar/formats";
import { parseBundle, type StixObject, tlpMarkingId } from "@suar/stix";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { StandingLog } from "./standing-items.ts";
import { type Survey, survey } from "./survey.ts";
import { writeExport } from "./write-export.ts";

afterEach(() => vi.useRealTimers());

function itemOf(seq: number, host: string, tlp: ExportItem["tlp"] = "green"): ExportItem {
  const at = "2026-01-01T00:00:00.000Z";
  const object = {
    type: "indicator",
    spec_version: "2.1",
    id: `indicator--5b0f2a7e-9d44-4c6b-8a1e-${String(seq).padStart(12, "0")}`,
    created: at,
    modified: at,
    valid_from: at,
    pattern: `[domain-name:value = '${host}']`,
    pattern_type: "stix",
    object_marking_refs: [tlpMarkingId(tlp)],
  } as StixObject;
  return { object, body: JSON.stringify(object), tlp, pap: undefined, producer: "SG", seq, at };
}

/** What stands when it is looked at, which may be another thing the next time. */
function logOf(...looks: (readonly ExportItem[])[]): StandingLog {
  let [look = []] = looks;
  return {
    head: async () => ({ epoch: "abcdefgh", seq: 99 }),
    async *looks() {
      look = looks.shift() ?? look;
      for (const item of look) yield { items: [item], gone: [] };
    },
    async *some(seqs) {
      yield look.filter(({ seq }) => seqs.includes(seq));
    },
  };
}

const subjectOf = (format: ItemFormat) => ({
  format,
  madeFor: "MY",
  exercise: undefined,
  warnedOf: () => undefined,
});

async function exported(
  format: ItemFormat,
  log: StandingLog,
): Promise<{ text: string; handed: number[]; surveyed: Survey }> {
  const surveyed = await survey(subjectOf(format), log);
  const handed: number[] = [];
  let text = "";
  for await (const piece of writeExport(subjectOf(format), log, surveyed, (seq) => handed.push(seq)))
    text += piece;
  return { text, handed, surveyed };
}

const [one, two, three] = [
  itemOf(3, "one.example"),
  itemOf(7, "two.example", "amber"),
  itemOf(9, "three.example"),
];

describe("what goes out", () => {
  test("lacks what was lost since it was surveyed, and holds nothing that came to stand since", async () => {
    const { text, handed } = await exported("list-domain", logOf([one, three], [two, three]));
    expect(text).toMatch(/^# Suar export, TLP:GREEN, /);
    expect(text.split("\n").filter((line) => !line.startsWith("#"))).toEqual(["three.example", ""]);
    expect(handed).toEqual([9]);
  });

  test.each([
    ["comes to stand where nothing did", [], [one]],
    ["is lost to the last of it", [one], []],
    ["stays", [one, two], [one, two]],
  ])("is a valid bundle where it %s", async (_what, before, after) => {
    const { text } = await exported("stix", logOf(before, after));
    expect(parseBundle(JSON.parse(text))).toMatchObject({ ok: true });
    for (const item of after) expect(text.includes(item.object.id)).toBe(before.includes(item));
  });
});

describe("the tag", () => {
  test("is of the content, and says nothing of the moment of writing, nor does a zone's serial of anything else", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-06-01T00:00:00Z") });
    const first = await exported("rpz", logOf([one, two]));
    vi.setSystemTime(Date.parse("2026-06-01T00:05:00Z"));
    const later = await exported("rpz", logOf([one, two]));
    const less = await exported("rpz", logOf([one]));
    const serials = [first, later, less].map(({ text }) => Number(/SOA \S+ \S+ (\d+)/.exec(text)?.[1]));
    expect(serials).toEqual([1_780_272_000, 1_780_272_300, 1_780_272_300]);
    expect(first.surveyed.tag).toMatch(/^W\/"[\w-]{43}"$/);
    expect(later.surveyed.tag).toBe(first.surveyed.tag);
    expect(less.surveyed.tag).not.toBe(first.surveyed.tag);
  });

  test("is strong where the same bytes are answered", async () => {
    for (const format of ["stix", "csv", "list-domain", "atom", "zeek"] as const) {
      const [first, again] = [await exported(format, logOf([one])), await exported(format, logOf([one]))];
      expect(first.surveyed.tag).toMatch(/^"[\w-]{43}"$/);
      expect([again.text, again.surveyed.tag]).toEqual([first.text, first.surveyed.tag]);
    }
  });
});

describe("documents of several renditions", () => {
  const software = "software--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701";
  const of = (seq: number, object: object): ExportItem => {
    const plain = itemOf(seq, "x.example");
    const { created, modified } = plain.object;
    const whole = { spec_version: "2.1", created, modified, ...object } as unknown as StixObject;
    return { ...plain, object: whole, body: JSON.stringify(whole) };
  };
  const product = of(2, { type: "software", id: software, name: "Router" });
  const report = of(8, {
    type: "report",
    id: "report--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e702",
    name: "Of routers",
    object_refs: [software],
  });

  test("are handed over with all that is in them, and with nothing that is not", async () => {
    const { text, handed, surveyed } = await exported("csaf", logOf([product, one, report]));
    expect(text).toContain('"title": "Of routers"');
    expect([handed, surveyed.seqs]).toEqual([
      [2, 8],
      [2, 8],
    ]);
    expect(surveyed.facts).toMatchObject({ written: 2, asOf: report.at });
  });

  test("have another tag once a part of them is another", async () => {
    const tags = [];
    for (const items of [
      [product, report],
      [product, one, report],
      [of(3, { ...product.object }), report],
    ])
      tags.push((await exported("csaf", logOf(items))).surveyed.tag);
    expect(tags[1]).toBe(tags[0]);
    expect(tags[2]).not.toBe(tags[0]);
  });

  test("lack what was lost since they were surveyed", async () => {
    expect((await exported("csaf", logOf([product, report], [report]))).text).not.toContain(software);
  });

  test("are refused where more would have to be held than is", async () => {
    const long = of(9, { ...product.object, description: "x".repeat(17 * 1024 * 1024) });
    await expect(survey(subjectOf("csaf"), logOf([long]))).rejects.toMatchObject({ code: "bad-filter" });
  });
});
