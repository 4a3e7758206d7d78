import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Tlp } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { ContentClass } from "./content-class.ts";
import { BasisStatus } from "./pairs/condition.ts";
import { PairPolicy } from "./pairs/pair-policy.ts";
import { type Organisation, PUBLIC, type Subject } from "./subject.ts";
import { compareWithOracle, table } from "./testing/compare-with-oracle.ts";

const PAIRS = resolve(import.meta.dirname, "../../../seeds/policy/pairs");
const shipped = readdirSync(PAIRS).map(
  (name): unknown => JSON.parse(readFileSync(join(PAIRS, name), "utf8")) as unknown,
);

const CODES = ["SG", "SG:bank", "MY", "MY:power", "CN", "CN:grid"];
const WORLD: Organisation[] = [
  ...CODES.map((code, id): Organisation => {
    const member = code.slice(0, 2);
    const agreements = code === "SG:bank" ? ["mou"] : undefined;
    return { id, code, member, kind: code === member ? "cert" : "agency", ...(agreements && { agreements }) };
  }),
  { id: 50, code: "MY#person", member: "MY", kind: "person" },
  PUBLIC,
];
const [SG, SG_BANK, , , CN] = WORLD as [Organisation, Organisation, Organisation, Organisation, Organisation];

const NOW = "2026-11-22T00:00:00Z";
const BEFORE = "2026-11-21T00:00:00Z";
const AFTER = "2026-11-23T00:00:00Z";

type Finding = Subject["findings"][number];
const found = (path: string, kind: Finding["class"], individuals = 1): Finding => {
  return { path, class: kind, individuals };
};
const NOTHING_FOUND: Finding[] = [];
const VICTIMS = [
  found("/description", "person", 3),
  found("/description", "victimIp"),
  found("/name", "email", 2),
];
const BASE: Omit<Subject, "tlp" | "producer" | "contentClass"> = {
  type: "indicator",
  to: [],
  findings: NOTHING_FOUND,
};

const differences = (subjects: Iterable<Subject>, seeds: readonly unknown[], ytd = 0) =>
  compareWithOracle(subjects, seeds, { organisations: WORLD, now: NOW, ytd });

describe("the decision table agrees with the oracle", () => {
  it("for every marking, class, purpose and finding, under the policies that ship", () => {
    const rows = table<Omit<Subject, "type">>({
      producer: [SG, CN, SG_BANK],
      tlp: Tlp.options,
      pap: [undefined as never, "red"],
      to: [[], ["MY"], ["CN", "SG"], ["CN:grid", "SG:bank"], ["public"], ["SG", "public", "nobody"]],
      contentClass: ContentClass.options,
      purpose: [undefined as never, "law-enforcement", "research"],
      findings: [NOTHING_FOUND, VICTIMS],
    });
    const subjects = rows.map((row, index) => ({ ...row, type: index % 2 === 0 ? "report" : "x-own" }));
    const [compared, different] = differences(subjects, shipped);
    expect(different).toEqual([]);
    expect(compared).toBe(3 * 5 * 2 * 6 * 11 * 3 * 2 * WORLD.length);
  });

  it("for everything that narrows an audience", () => {
    const rows = table<Subject>({
      ...single(BASE),
      producer: [SG, CN],
      contentClass: ["ttp", "incident"],
      tlp: ["clear", "amber", "amber+strict"],
      to: [[], ["MY", "CN:grid"], ["SG", "CN"]],
      parents: [undefined as never, [{ tlp: "amber" }], [{ pap: "red" }, { tlp: "green" }], [{ tlp: "red" }]],
      releasableTo: [undefined as never, [], ["CN", "MY:power"], ["public", "SG"]],
      noForward: [undefined as never, true],
      expires: [undefined as never, NOW, AFTER],
      ends: [
        undefined as never,
        [],
        [
          [0, 2, 4],
          [2, 4, 5],
        ],
      ],
    });
    expect(differences(rows, shipped)[1]).toEqual([]);
  });

  // One policy that uses every word of the vocabulary.
  const everyWord = (basis: object, effective: object): unknown => ({
    ...(shipped.find((one) => hasPair(one, "CN", "SG")) as object),
    basis: { id: "b", kind: "china-scc", status: "signed", signed: BEFORE, expires: null, ...basis },
    effective: { from: BEFORE, until: null, ...effective },
    quota: 8,
    obligations: ["acknowledge"],
    personalData: ALL_CRYPTOPAN,
    rules: [
      rule("class", { contentClass: ["incident"], named: true }, approve(["CN:officer"], false)),
      rule("type", { type: ["tool"], onward: true }, saying("withhold")),
      rule("tlp", { tlp: { atLeast: "amber" } }, approve(["SG:officer"], true)),
      rule("pap", { pap: { atLeast: "amber" }, named: false }, saying("withhold")),
      rule("pii", { pii: ["email"] }, redact({ email: "mask", victimIp: "hmac" })),
      rule("any", { pii: "any", basisStatus: ["draft"] }, redact({ email: "drop" })),
      rule("kind", { basisKind: ["asean-mcc"] }, saying("withhold")),
      rule("purpose", { purpose: ["research", "response"], sector: ["energy"] }, saying("withhold")),
      rule(
        "label",
        { label: ["secret"], recipient: ["agency", "public"] },
        saying("withhold", { obligations: ["no-onward"] }),
      ),
      rule("onward", { label: ["secret"] }, redact({ victimIp: "mask" }, ["no-onward"])),
      rule("agreement", { lacksAgreement: "mou", sector: ["water"] }, approve(["CN:officer"], true)),
      rule("ytd", { individualsYtd: { gte: 5 }, label: ["many"] }, saying("withhold")),
    ],
  });

  it.each([0, 4, 5, 9])("for every word of the vocabulary, after %i individuals this year", (ytd) => {
    const states = table<{ status: string; expires: string | null; signed: string; kind: string }>({
      status: BasisStatus.options,
      expires: [null, NOW, AFTER],
      signed: [BEFORE, AFTER],
      kind: ["china-scc", "asean-mcc"],
    });
    const times = [{}, { from: AFTER }, { until: NOW }, { until: AFTER }];
    const subjects = [
      ...table<Subject>({
        ...single(BASE),
        type: ["indicator", "tool"],
        producer: [CN],
        tlp: ["clear", "amber"],
        pap: ["green", undefined as never],
        contentClass: ["ttp", "incident"],
        to: [["SG", "SG:bank"], ["SG"]],
        findings: [NOTHING_FOUND, VICTIMS],
        sectors: [["energy", "water"], []],
        labels: [["secret"], ["many"], undefined as never],
        parents: [undefined as never, [{ pap: "amber" }]],
      }),
    ];
    for (const [index, basis] of [...states].entries()) {
      const seed = everyWord(basis, times[index % times.length] ?? {});
      // Each state of the basis with a part of the subjects: every pair of columns still meets.
      const part = subjects.filter((_, at) => (at + index) % 5 === 0);
      expect(differences(part, [PairPolicy.parse(seed)], ytd)[1]).toEqual([]);
    }
  });

  it("which knows none of the rules", () => {
    const text = readFileSync(join(import.meta.dirname, "testing/decision-oracle.ts"), "utf8");
    expect(text).not.toMatch(/^import/m);
  });
});

const ALL_CRYPTOPAN = {
  person: "hmac",
  email: "hmac",
  phone: "hmac",
  nationalId: "mask",
  passport: "mask",
  victimIp: "cryptopan",
  account: "hmac",
  unlisted: "drop",
};

function single<Row extends object>(row: Row): { [Name in keyof Row]: readonly Row[Name][] } {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value]])) as never;
}

function hasPair(seed: unknown, exporter: string, importer: string): boolean {
  const { exporter: from, importer: to } = seed as { exporter: string; importer: string };
  return from === exporter && to === importer;
}

function rule(id: string, condition: object, said: object): object {
  return { id, party: "exporter", if: condition, source: "test", guide: "guide:test", ...said };
}

function saying(verb: string, more: object = {}): object {
  // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary
  return { then: verb, ...more };
}

function approve(approvers: string[], fourEyes: boolean): object {
  return saying("approve", { approvers, fourEyes });
}

function redact(ops: object, obligations: string[] = []): object {
  return saying("redact", { ops, obligations });
}
