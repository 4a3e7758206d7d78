import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "./decide.ts";
import { followLimits, joinLimits, type Limits, sameLimits } from "./limits.ts";
import { PairPolicy } from "./pairs/pair-policy.ts";
import { policySet } from "./pairs/policy-set.ts";
import { type Organisation, PUBLIC, Purpose, type Subject } from "./subject.ts";

const PAIRS = resolve(import.meta.dirname, "../../../seeds/policy/pairs");
const NOW = Date.parse("2027-01-10T00:00:00Z");
const SG: Organisation = { id: 1, code: "SG", member: "SG", kind: "cert" };
const RECIPIENTS: readonly Organisation[] = [
  SG,
  { id: 2, code: "SG:bank", member: "SG", kind: "agency" },
  { id: 3, code: "MY", member: "MY", kind: "cert" },
  { id: 4, code: "MY:port", member: "MY", kind: "agency" },
  { id: 5, code: "CN", member: "CN", kind: "cert" },
  PUBLIC,
];
const CODES = ["SG", "SG:bank", "MY", "MY:port", "CN", "public"];

/** Each purpose has a rule of its own to MY: it withholds, asks, or says nothing. */
const policies = policySet(
  readdirSync(PAIRS).map((name) => {
    const policy = PairPolicy.parse(JSON.parse(readFileSync(join(PAIRS, name), "utf8")));
    const [rule] = policy.rules;
    if (name !== "SG-MY.json" || rule === undefined) return { policy, standing: "signed" as const };
    const { source, guide } = rule;
    const common = { party: "exporter" as const, source, guide };
    // biome-ignore-start lint/suspicious/noThenProperty: the word of the vocabulary
    const rules = [
      ...policy.rules,
      { id: "p-research", ...common, if: { purpose: ["research" as const] }, then: "withhold" as const },
      {
        id: "p-defence",
        ...common,
        if: { purpose: ["defence" as const] },
        then: "approve" as const,
        approvers: ["SG:officer" as const],
        fourEyes: false,
      },
    ];
    // biome-ignore-end lint/suspicious/noThenProperty: as above
    return { policy: PairPolicy.parse({ ...policy, rules }), standing: "signed" as const };
  }),
);
const context = { policies, now: NOW, individualsYtd: () => 0 };

const limits: fc.Arbitrary<Limits> = fc.record(
  {
    purpose: fc.oneof(
      fc.constantFrom(...Purpose.options),
      fc.subarray([...Purpose.options], { minLength: 1 }),
    ),
    expires: fc.constantFrom(
      "2027-01-09T00:00:00.000Z",
      "2027-01-11T00:00:00.000Z",
      "2027-02-01T00:00:00.000Z",
    ),
    noForward: fc.boolean(),
    releasableTo: fc.subarray(CODES),
  },
  { requiredKeys: [] },
);
const subjects: fc.Arbitrary<Subject> = fc.record({
  type: fc.constant("tool"),
  contentClass: fc.constant("ttp" as const),
  tlp: fc.constantFrom("clear" as const, "green" as const, "amber" as const),
  producer: fc.constant(SG),
  to: fc.subarray(CODES),
  findings: fc.constant([]),
});

describe("limits of two statements, joined", () => {
  it("let through what both let through, and ask where either asks", () => {
    fc.assert(
      fc.property(subjects, limits, limits, fc.constantFrom(...RECIPIENTS), (subject, a, b, recipient) => {
        const [one, other, both] = [a, b, joinLimits(a, b)].map((each) =>
          decide({ ...subject, ...each }, recipient, context),
        );
        expect(both?.withheld).toBe(one?.withheld || other?.withheld);
        if (both?.withheld) return;
        expect(both?.approvers).toEqual([...new Set([one, other].flatMap((each) => each?.approvers ?? []))]);
      }),
      { numRuns: 3_000 },
    );
  });

  it("do not depend on which came first, or on how often", () => {
    fc.assert(
      fc.property(limits, limits, limits, (a, b, c) => {
        expect(sameLimits(joinLimits(a, b), joinLimits(b, a))).toBe(true);
        expect(sameLimits(joinLimits(joinLimits(a, b), c), joinLimits(a, joinLimits(b, c)))).toBe(true);
        const once = joinLimits(a, b);
        expect(sameLimits(joinLimits(once, b), once)).toBe(true);
      }),
    );
  });
});

describe("limits of a newer version", () => {
  it("are those of the one before where nothing is said, and else what is said", () => {
    const before: Limits = { noForward: true, expires: "2027-01-11T00:00:00.000Z", releasableTo: ["MY"] };
    expect(followLimits(before, {})).toEqual(before);
    expect(followLimits(before, { releasableTo: ["CN"] })).toEqual({ ...before, releasableTo: ["CN"] });
    expect(followLimits(before, { noForward: false })).toEqual({
      expires: before.expires,
      releasableTo: ["MY"],
    });
  });
});

it("takes no list of purposes that names none", () => {
  const subject = {
    type: "tool",
    contentClass: "ttp",
    tlp: "green",
    producer: SG,
    to: [],
    findings: [],
  } as const;
  const [, , MY] = RECIPIENTS;
  const outcome = decide({ ...subject, purpose: [] }, MY as Organisation, context);
  expect(outcome.withheld).toBe(true);
});
