import { describe, expect, it } from "vitest";
import { type DecisionContext, decide } from "./decide.ts";
import { policySet } from "./pairs/policy-set.ts";
import type { Organisation, Subject } from "./subject.ts";
import { CN, NOW, read, SG, SG_BANK, shipped } from "./testing/decide-fixture.ts";

describe("what goes wrong withholds", () => {
  const context: DecisionContext = { policies: shipped, now: NOW, individualsYtd: () => 0 };
  const plain: Subject = {
    type: "indicator",
    contentClass: "indicator.infrastructure",
    tlp: "green",
    producer: CN,
    to: [],
    findings: [{ path: "/name", class: "email", individuals: 1 }],
  };
  const odd = <T>(value: unknown) => value as T;

  it("is not always so", () => {
    expect(decide(plain, SG, context).decision).toBe("redact");
  });

  it("where any property of the subject throws as it is read", () => {
    for (const name of ["contentClass", "tlp", "pap", "producer", "to", "findings", "purpose"] as const) {
      const broken = Object.defineProperty({ ...plain }, name, {
        get: () => {
          throw new Error("secret.example");
        },
      });
      const outcome = decide(broken, SG, context);
      expect(outcome, name).toMatchObject({ decision: "withhold", withheld: true });
      expect(JSON.stringify(outcome)).not.toContain("secret.example");
    }
  });

  it.each<[string, Partial<Subject>]>([
    ["a class", { contentClass: odd("gossip") }],
    ["a purpose", { purpose: odd("profit") }],
    ["a kind of personal data", { findings: [{ path: "/a", class: odd("shoe-size"), individuals: 1 }] }],
    ["findings that are none", { findings: odd(undefined) }],
    ["a marking", { tlp: odd("purple") }],
    ["a container's marking", { parents: [{ tlp: odd("purple") }] }],
  ])("for %s that nobody knows", (_, part) => {
    expect(decide({ ...plain, ...part }, SG, context).withheld).toBe(true);
  });

  it("for what nobody knows within one jurisdiction too", () => {
    const agency: Organisation = { ...SG_BANK, code: "CN:bank", member: "CN" };
    expect(decide(plain, agency, context).withheld).toBe(false);
    expect(decide({ ...plain, contentClass: odd("gossip") }, agency, context).reasons).toMatchObject([
      { code: "unknown-value" },
    ]);
    expect(decide({ ...plain, purpose: odd("profit") }, agency, context).withheld).toBe(true);
  });

  it("where nobody can say how many individuals there were", () => {
    const many = { ...plain, labels: [] };
    for (const individualsYtd of [() => Number.NaN, () => odd<number>(undefined)])
      expect(decide(many, SG, { ...context, individualsYtd }).withheld).toBe(true);
    const throwing = () => {
      throw new Error("no counts");
    };
    expect(decide(many, SG, { ...context, individualsYtd: throwing }).withheld).toBe(true);
  });

  it("where no clock tells the time, or there is no policy for the pair", () => {
    expect(decide(plain, SG, { ...context, now: Number.NaN }).withheld).toBe(true);
    const none = { ...context, policies: policySet([]) };
    expect(decide(plain, SG, none)).toMatchObject({ withheld: true, reasons: [{ code: "pair-missing" }] });
    const nowhere: Organisation = { ...SG, member: "XX", code: "XX" };
    expect(decide(plain, nowhere, context).reasons.map(({ code }) => code)).toContain("pair-missing");
  });
});

describe("an organisation under two laws", () => {
  const context: DecisionContext = { policies: shipped, now: NOW, individualsYtd: () => 0 };
  const plain: Subject = {
    type: "indicator",
    contentClass: "vuln.undisclosed",
    tlp: "green",
    producer: SG,
    to: [],
    findings: [],
  };
  const branch: Organisation = { ...SG_BANK, jurisdiction: "CN" };

  it("crosses the border of each", () => {
    expect(decide(plain, SG_BANK, context)).toMatchObject({ decision: "allow", bases: [] });
    expect(decide(plain, branch, context)).toMatchObject({ withheld: true, bases: [{ pair: "SG>CN" }] });
    const fromBranch = { ...plain, producer: branch };
    expect(decide(fromBranch, SG, context).bases.map(({ pair }) => pair)).toEqual(["CN>SG"]);
    const toMy = decide(fromBranch, { ...SG, id: 9, code: "MY", member: "MY" }, context);
    expect(toMy.bases.map(({ pair }) => pair)).toEqual(["CN>MY", "SG>MY"]);
  });

  it("crosses all four where producer and recipient both do", () => {
    const toBranch = {
      ...SG,
      id: 9,
      code: "MY:bank",
      member: "MY",
      jurisdiction: "TH",
      kind: "agency" as const,
    };
    const { bases } = decide({ ...plain, producer: branch }, toBranch, context);
    expect(bases.map(({ pair }) => pair)).toEqual(["CN>MY", "CN>TH", "SG>MY", "SG>TH"]);
  });

  it("waits for the approvers of both, no longer than the shorter time", () => {
    const producer: Organisation = { ...CN, id: 8, jurisdiction: "MY" };
    const incident: Subject = { ...plain, producer, contentClass: "incident", to: ["SG"] };
    expect(decide(incident, SG, context)).toMatchObject({
      decision: "approve",
      approvers: ["CN:officer", "MY:officer"],
      deadlineHours: 4,
    });
  });

  it("has the stricter of what both do to personal data", () => {
    const milder = { ...read("SG-MY.json"), rules: [], personalData: { ...read("CN-SG.json").personalData } };
    const policies = policySet([
      { policy: milder, standing: "signed" },
      { policy: read("CN-MY.json"), standing: "shipped" },
    ]);
    const MY: Organisation = { ...SG, id: 9, code: "MY", member: "MY" };
    const findings: Subject["findings"] = [{ path: "/name", class: "email", individuals: 1 }];
    const said = { ...plain, contentClass: "ttp" as const, findings };
    const opsOf = (producer: Organisation) =>
      decide({ ...said, producer }, MY, { ...context, policies }).redactions.map(({ op }) => op);
    expect(opsOf(SG)).toEqual(["hmac"]);
    expect(opsOf(branch)).toEqual(["drop"]);
  });
});
