import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Pap, Tlp } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { ContentClass } from "./content-class.ts";
import { PairPolicy } from "./pairs/pair-policy.ts";
import { PiiClass } from "./personal-data.ts";
import { type Organisation, PUBLIC, Purpose, type Subject } from "./subject.ts";
import { compareWithOracle } from "./testing/compare-with-oracle.ts";

const PAIRS = resolve(import.meta.dirname, "../../../seeds/policy/pairs");
const read = (name: string): PairPolicy =>
  PairPolicy.parse(JSON.parse(readFileSync(join(PAIRS, name), "utf8")));

const NOW = "2026-11-22T00:00:00Z";
const CODES = ["SG", "SG:bank", "MY", "MY:power", "CN", "CN:grid"];
/** Every kind of recipient, with agreements and without, and some who stand under a second law, which may be nobody's. */
const WORLD: Organisation[] = [
  ...CODES.map((code, id): Organisation => {
    const member = code.slice(0, 2);
    const agreements = ["SG:bank", "CN", "MY:power"].includes(code) ? ["mou"] : undefined;
    return { id, code, member, kind: code === member ? "cert" : "agency", ...(agreements && { agreements }) };
  }),
  { id: 20, code: "MY:branch", member: "MY", kind: "agency", jurisdiction: "CN", agreements: ["other"] },
  {
    id: 21,
    code: "SG:branch",
    member: "SG",
    kind: "agency",
    jurisdiction: "MY",
    agreements: ["mou", "other"],
  },
  { id: 22, code: "CN:branch", member: "CN", kind: "agency", jurisdiction: "XX" },
  { id: 50, code: "MY#person", member: "MY", kind: "person" },
  PUBLIC,
];
const organisation = (code: string): Organisation => WORLD.find((one) => one.code === code)!;

function rule(id: string, condition: object, verb: string, more: object = {}): object {
  // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary
  return { id, party: "exporter", if: condition, then: verb, source: "test", guide: "guide:test", ...more };
}

const KEPT = {
  ...{ person: "hmac", email: "hmac", phone: "hmac", nationalId: "mask", passport: "mask" },
  ...{ account: "hmac", unlisted: "drop" },
};
const ASKING = { approvers: ["SG:officer"], fourEyes: true };
/** In place of what ships, three policies that ask for agreements, sectors, purposes and labels, with hours of their own. */
const CHANGED: Record<string, object> = {
  "SG-MY": {
    deadlineHours: 7,
    rules: [
      rule("agreement", { lacksAgreement: "mou", sector: ["energy"] }, "approve", ASKING),
      rule("purpose", { purpose: ["research"], tlp: { atLeast: "green" } }, "withhold"),
      rule("type", { type: ["tool", "report"], named: true }, "redact", {
        ops: { email: "drop", victimIp: "mask" },
      }),
    ],
  },
  "SG-CN": {
    deadlineHours: 3,
    rules: [
      rule("label", { label: ["secret"], recipient: ["agency"] }, "withhold", { obligations: ["no-onward"] }),
      rule("other", { lacksAgreement: "other", contentClass: ["ttp", "incident"] }, "approve", ASKING),
      rule("pap", { pap: { atLeast: "amber" }, onward: true }, "approve", { ...ASKING, fourEyes: false }),
    ],
  },
  "CN-MY": {
    quota: 4,
    personalData: { ...KEPT, victimIp: "cryptopan" },
    rules: [
      rule("many", { individualsYtd: { gte: 3 }, pii: ["email", "phone"] }, "redact", {
        ops: { email: "mask" },
      }),
    ],
  },
};
const POLICIES: readonly PairPolicy[] = readdirSync(PAIRS).map((name) => {
  const policy = read(name);
  return PairPolicy.parse({ ...policy, ...CHANGED[`${policy.exporter}-${policy.importer}`] });
});

/** All that a decision reads of an object, each value at least once. */
const COLUMNS: { [Name in keyof Subject]-?: readonly Subject[Name][] } = {
  type: ["indicator", "tool", "report", "x-own"],
  contentClass: ContentClass.options,
  tlp: Tlp.options,
  pap: [undefined, ...Pap.options],
  producer: ["SG", "SG:bank", "CN", "MY:branch", "CN:branch"].map(organisation),
  to: [[], ["MY"], ["CN", "SG"], ["CN:grid", "SG:bank"], ["public"], ["MY:branch", "SG:branch"], ["nobody"]],
  releasableTo: [undefined, [], ["CN", "MY:power"], ["public", "SG"]],
  noForward: [undefined, true],
  expires: [undefined, NOW, "2026-11-23T00:00:00Z"],
  parents: [undefined, [{ tlp: "amber" }], [{ pap: "red" }, { tlp: "green" }]],
  ends: [undefined, [[0, 2, 4, 20]]],
  purpose: [undefined, ...Purpose.options, ["research", "response"]],
  labels: [undefined, ["important-data"], ["secret", "many"]],
  sectors: [undefined, ["energy"], ["water", "energy"]],
  findings: [
    [],
    ...PiiClass.options.map((kind) => [{ path: "/description", class: kind, individuals: 2 }]),
    [
      { path: "/description", class: "email", individuals: 3 },
      { path: "/name", class: "victimIp", individuals: 1 },
    ],
  ],
};
const NAMES = Object.keys(COLUMNS) as (keyof Subject)[];
const ROWS = 15_000;

/** Rows of places in the columns, drawn the same way each time. */
const DRAWN: readonly (readonly number[])[] = (() => {
  let state = 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: ROWS }, () => NAMES.map((name) => next(COLUMNS[name].length)));
})();

function subjectAt(place: readonly number[]): Subject {
  const said = NAMES.map((name, at) => [name, COLUMNS[name][place[at]!]] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== undefined)) as Subject;
}

/** Values of three columns that no row has together. */
function missingTriples(): string[] {
  const sizes = NAMES.map((name) => COLUMNS[name].length);
  const missing: string[] = [];
  for (let a = 0; a < sizes.length; a++)
    for (let b = a + 1; b < sizes.length; b++)
      for (let c = b + 1; c < sizes.length; c++) {
        const met = new Uint8Array(sizes[a]! * sizes[b]! * sizes[c]!);
        for (const row of DRAWN) met[(row[a]! * sizes[b]! + row[b]!) * sizes[c]! + row[c]!] = 1;
        if (met.includes(0)) missing.push([a, b, c].map((at) => NAMES[at]).join(" × "));
      }
  return missing;
}

describe("the whole decision table", () => {
  it("has every value of all that is read of an object with every two values of all the rest", () => {
    expect(missingTriples()).toEqual([]);
  });

  it.each([0, 3])(
    "agrees with the oracle for every kind of recipient, after %i individuals this year",
    (ytd) => {
      const rows = DRAWN.filter((_, at) => ytd === 0 || at % 5 === 0);
      const world = { organisations: WORLD, now: NOW, ytd };
      const [compared, different, reached] = compareWithOracle(rows.map(subjectAt), POLICIES, world);
      expect(different).toEqual([]);
      expect(compared).toBe(rows.length * WORLD.length);
      // Enough of it reaches somebody for the rest to mean something.
      expect(reached).toBeGreaterThan(rows.length / 10);
    },
  );
});
