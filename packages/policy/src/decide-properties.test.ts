import { Pap, Tlp } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentClass } from "./content-class.ts";
import { type DecisionContext, decide } from "./decide.ts";
import { joinOutcomes, type Outcome, outcomeOf } from "./outcome.ts";
import { BasisKind, BasisStatus } from "./pairs/condition.ts";
import { Operation } from "./pairs/operation.ts";
import { Obligation, type PairPolicy, type PairRule } from "./pairs/pair-policy.ts";
import { policySet } from "./pairs/policy-set.ts";
import { PiiClass } from "./personal-data.ts";
import { PUBLIC, Purpose, type Subject } from "./subject.ts";
import { CN, CN_GRID, NOW, read, SG, SG_BANK } from "./testing/decide-fixture.ts";

const some = <T>(...all: T[]) => fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });
const optional = <T>(item: fc.Arbitrary<T>) => fc.option(item, { nil: undefined });
const label = fc.constantFrom("important-data", "secret", "many");

const conditions = fc.record(
  {
    contentClass: some(...ContentClass.options),
    type: some("indicator", "report", "tool"),
    tlp: fc.constantFrom(...Tlp.options).map((atLeast) => ({ atLeast })),
    pap: fc.constantFrom(...Pap.options).map((atLeast) => ({ atLeast })),
    pii: fc.oneof(fc.constant("any" as const), some(...PiiClass.options)),
    basisStatus: some(...BasisStatus.options),
    basisKind: some(...BasisKind.options),
    purpose: some(...Purpose.options),
    sector: some("energy", "water"),
    label: fc.uniqueArray(label, { minLength: 1 }),
    individualsYtd: fc.nat(9).map((gte) => ({ gte })),
    named: fc.boolean(),
    onward: fc.boolean(),
  },
  { requiredKeys: [] },
);
function saying<Verb extends PairRule["then"], More>(
  verb: Verb,
  more: { [Name in keyof More]: fc.Arbitrary<More[Name]> },
) {
  // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary
  return fc.record(more).map((rest) => ({ then: verb, ...rest }));
}
const verbs = fc.oneof(
  saying("withhold", {}),
  saying("approve", {
    approvers: some("CN:officer" as const, "SG:officer" as const),
    fourEyes: fc.boolean(),
  }),
  saying("redact", {
    ops: fc.record({
      victimIp: fc.constantFrom(...Operation.options),
      email: fc.constantFrom("drop" as const, "mask" as const, "hmac" as const),
    }),
  }),
);
const rules: fc.Arbitrary<PairRule> = fc
  .tuple(
    conditions,
    verbs,
    optional(fc.uniqueArray(fc.constantFrom(...Obligation.options), { maxLength: 2 })),
    fc.constantFrom("exporter" as const, "importer" as const),
  )
  .map(([condition, verb, obligations, party]) => ({
    id: "r",
    party,
    if: condition,
    source: "test",
    guide: "guide:test",
    ...(obligations && { obligations }),
    ...verb,
  }));

/** The policy CN>SG with other rules and other grounds. */
const policies: fc.Arbitrary<PairPolicy> = fc
  .record({
    rules: fc.array(rules, { maxLength: 6 }),
    quota: fc.option(fc.nat(9)),
    obligations: fc.uniqueArray(fc.constantFrom(...Obligation.options), { maxLength: 2 }),
    status: fc.constantFrom(...BasisStatus.options),
  })
  .map(({ rules: list, status, ...rest }) => {
    const basis = {
      id: "b",
      kind: "china-scc",
      status,
      signed: "2026-01-01T00:00:00Z",
      expires: null,
    } as const;
    return { ...read("CN-SG.json"), ...rest, basis, rules: numbered(list) };
  });

const findings = fc.array(
  fc.record({
    path: fc.constantFrom("/a", "/b", "/c"),
    class: fc.constantFrom(...PiiClass.options),
    individuals: fc.nat(4),
  }),
  { maxLength: 4 },
);
const subjects: fc.Arbitrary<Subject> = fc.record(
  {
    type: fc.constantFrom("indicator", "report", "tool"),
    contentClass: fc.constantFrom(...ContentClass.options),
    tlp: fc.constantFrom(...Tlp.options),
    pap: fc.constantFrom(...Pap.options),
    producer: fc.constant(CN),
    to: fc.subarray(["SG", "SG:bank", "MY", "public"]),
    findings,
    purpose: fc.constantFrom(...Purpose.options),
    labels: fc.uniqueArray(label),
    sectors: fc.subarray(["energy", "water"]),
  },
  { requiredKeys: ["type", "contentClass", "tlp", "producer", "to", "findings"] },
);
const recipients = fc.constantFrom(SG, SG_BANK, PUBLIC, CN_GRID);

function numbered(list: readonly PairRule[]): PairRule[] {
  return list.map((rule, index) => ({ ...rule, id: rule.id === "r" ? `r${index}` : rule.id }));
}

function under(policy: PairPolicy, ytd = 3): DecisionContext {
  const toPublic = { policy: read("CN-public.json"), standing: "shipped" as const };
  const set = policySet([{ policy, standing: "signed" }, toPublic]);
  return { policies: set, now: NOW, individualsYtd: () => ytd };
}

/** What an outcome lets through, without the reasons: joining with a milder one must change none of it. */
function bare(outcome: Outcome): Outcome {
  return outcomeOf({ ...outcome, reasons: [], bases: [], pii: [], policyHash: "" });
}

function expectAtLeastAsStrict(after: Outcome, before: Outcome): void {
  expect(joinOutcomes(bare(after), bare(before))).toEqual(joinOutcomes(bare(after)));
}

describe("nothing that is added widens", () => {
  it("not a rule", () => {
    fc.assert(
      fc.property(
        policies,
        rules,
        fc.nat(6),
        subjects,
        recipients,
        (policy, rule, at, subject, recipient) => {
          const more = { ...policy, rules: policy.rules.toSpliced(at, 0, { ...rule, id: "added" }) };
          expectAtLeastAsStrict(
            decide(subject, recipient, under(more)),
            decide(subject, recipient, under(policy)),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("not a rule that drops what the quota counts", () => {
    const rule: PairRule = {
      id: "drops",
      party: "exporter",
      if: { tlp: { atLeast: "amber+strict" } },
      source: "test",
      guide: "guide:test",
      // biome-ignore lint/suspicious/noThenProperty: the word of the vocabulary
      then: "redact",
      ops: { victimIp: "drop" },
    };
    const context = under({ ...read("CN-SG.json"), quota: 3, rules: [rule] });
    const subject: Subject = {
      type: "indicator",
      contentClass: "indicator.infrastructure",
      tlp: "clear",
      producer: CN,
      to: ["SG"],
      findings: [{ path: "/a", class: "victimIp", individuals: 1 }],
    };
    expect(decide(subject, SG, context).decision).toBe("withhold");
    expect(decide({ ...subject, tlp: "amber+strict" }, SG, context).decision).toBe("withhold");
  });

  it("not a finding", () => {
    fc.assert(
      fc.property(policies, subjects, findings, recipients, (policy, subject, more, recipient) => {
        const context = under(policy);
        const further = { ...subject, findings: [...subject.findings, ...more] };
        expectAtLeastAsStrict(decide(further, recipient, context), decide(subject, recipient, context));
      }),
      { numRuns: 1_000 },
    );
  });

  it("not a stricter marking, a container's marking, a label, an expiry, a list of those it may go to", () => {
    const markings = fc.record(
      {
        pap: fc.constantFrom(...Pap.options),
        parents: fc.array(
          fc.record({ tlp: fc.constantFrom(...Tlp.options), pap: fc.constantFrom(...Pap.options) }),
        ),
        labels: fc.uniqueArray(label),
        expires: fc.constantFrom("2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z"),
        releasableTo: fc.subarray(["SG", "SG:bank", "MY", "public"]),
        noForward: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(policies, subjects, markings, recipients, (policy, subject, more, recipient) => {
        const context = under(policy);
        const { pap, labels, ...rest } = more;
        const marked: Subject = {
          ...subject,
          ...rest,
          ...(labels && { labels: [...(subject.labels ?? []), ...labels] }),
          ...(pap && stricter(Pap.options, subject.pap, pap)),
        };
        expectAtLeastAsStrict(decide(marked, recipient, context), decide(subject, recipient, context));
      }),
      { numRuns: 1_000 },
    );
  });

  it("not a stricter TLP, for another member or an agency of the producer's own", () => {
    fc.assert(
      fc.property(
        policies,
        subjects,
        fc.constantFrom(...Tlp.options),
        recipients,
        (policy, subject, tlp, recipient) => {
          if (Tlp.options.indexOf(tlp) < Tlp.options.indexOf(subject.tlp)) return;
          const context = under(policy);
          expectAtLeastAsStrict(
            decide({ ...subject, tlp }, recipient, context),
            decide(subject, recipient, context),
          );
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

function stricter(levels: readonly Pap[], a: Pap | undefined, b: Pap): { pap: Pap } {
  return { pap: a === undefined || levels.indexOf(b) > levels.indexOf(a) ? b : a };
}

describe("what does not matter does not show", () => {
  it("not the order of rules, of findings or of those who are named", () => {
    fc.assert(
      fc.property(policies, subjects, recipients, (policy, subject, recipient) => {
        const other: Subject = {
          ...subject,
          to: subject.to.toReversed(),
          findings: subject.findings.toReversed(),
        };
        const reversed = { ...policy, rules: policy.rules.toReversed(), allow: policy.allow.toReversed() };
        const { policyHash: a, ...one } = decide(subject, recipient, under(policy));
        const { policyHash: b, ...two } = decide(other, recipient, under(reversed));
        expect(two).toEqual(one);
        expect(a === b).toBe(policy.allow.length < 2);
      }),
      { numRuns: 500 },
    );
  });

  it("and a decision is in the form that joining gives it", () => {
    fc.assert(
      fc.property(policies, subjects, recipients, (policy, subject, recipient) => {
        const outcome = decide(subject, recipient, under(policy));
        expect(joinOutcomes(outcome, outcome)).toEqual(outcome);
      }),
      { numRuns: 500 },
    );
  });
});
