import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { canonicalJson } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { newPolicyKeys, type PolicyKeys } from "../testing/policy-keys.ts";
import { changePolicy } from "./change-policy.ts";
import type { Member } from "./jurisdiction.ts";
import { PairPolicy, policyBytes, policyHash } from "./pair-policy.ts";
import { loadPolicySet, pairOf, withPolicy } from "./policy-set.ts";
import { PolicySignature, signPolicy, verifyPolicy } from "./sign-policy.ts";

const PAIRS = resolve(import.meta.dirname, "../../../../seeds/policy/pairs");
const read = (name: string): PairPolicy =>
  PairPolicy.parse(JSON.parse(readFileSync(resolve(PAIRS, name), "utf8")));

const CN = newPolicyKeys();
const SG = newPolicyKeys();
const SPARE = newPolicyKeys();
const KEYS: Partial<Record<Member, PolicyKeys[]>> = { CN: [CN], SG: [SG, SPARE] };
const keysOf = (member: Member) => (KEYS[member] ?? []).map(({ key }) => key);

const current = read("CN-SG.json");
const next: PairPolicy = { ...current, version: 2, previous: policyHash(current), deadlineHours: 2 };
const both = [signPolicy(next, "CN", CN), signPolicy(next, "SG", SG)];

describe("the signatures of a policy", () => {
  it("are of both members, by any of their keys", () => {
    expect(both.map((one) => PolicySignature.parse(one))).toEqual(both);
    expect(verifyPolicy(next, both, keysOf)).toBeUndefined();
    expect(verifyPolicy(next, [both[0]!, signPolicy(next, "SG", SPARE)], keysOf)).toBeUndefined();
  });

  it("are missing where one member alone signed, once or twice", () => {
    for (const signatures of [[], [both[0]!], [both[0]!, both[0]!]])
      expect(verifyPolicy(next, signatures, keysOf)?.code).toBe("signature-missing");
    expect(verifyPolicy(next, [both[1]!], keysOf)).toEqual({ code: "signature-missing", member: "CN" });
  });

  it("are no good by a stranger's key, nor by one member's in the other's name", () => {
    const stranger = newPolicyKeys();
    for (const keys of [stranger, CN])
      expect(verifyPolicy(next, [both[0]!, signPolicy(next, "SG", keys)], keysOf)).toEqual({
        code: "key-unknown",
        member: "SG",
      });
    const claimed = { ...signPolicy(next, "SG", stranger), key: SG.key };
    expect(verifyPolicy(next, [both[0]!, claimed], keysOf)).toEqual({
      code: "signature-invalid",
      member: "SG",
    });
  });

  it("hold for these bytes alone: any other value needs others", () => {
    const changes: Partial<PairPolicy>[] = [
      { previous: policyHash(read("SG-CN.json")) },
      { deadlineHours: 3 },
      { version: 3 },
      { allow: [...next.allow, "vuln.undisclosed"] },
      { quota: null },
      { obligations: [] },
      { rules: next.rules.slice(1) },
      { exporter: "MY" },
    ];
    for (const change of changes)
      expect(verifyPolicy({ ...next, ...change }, both, keysOf)?.code).toMatch(
        /^signature-(invalid|missing)$/,
      );
  });

  it("do not depend on how the file was written down", () => {
    const rewritten = Object.fromEntries(Object.entries(next).toReversed()) as PairPolicy;
    expect(verifyPolicy(rewritten, both, keysOf)).toBeUndefined();
    expect(policyHash(rewritten)).toBe(policyHash(next));
    expect(policyBytes(next).toString()).toBe(canonicalJson(next));
  });

  it("are the exporter's alone for what goes to the public", () => {
    const open = read("CN-public.json");
    expect(verifyPolicy(open, [signPolicy(open, "CN", CN)], keysOf)).toBeUndefined();
    expect(verifyPolicy(open, [signPolicy(open, "SG", SG)], keysOf)).toMatchObject({ member: "CN" });
  });
});

describe("a change of policy", () => {
  const lastOf = (policy: PairPolicy) => ({ ...policy, hash: policyHash(policy) });
  const signedByBoth = (policy: PairPolicy) => [signPolicy(policy, "CN", CN), signPolicy(policy, "SG", SG)];
  const third: PairPolicy = { ...next, version: 3, previous: policyHash(next) };

  it("is the next version, of what it names, signed by both", () => {
    expect(changePolicy(lastOf(current), next, both, keysOf)).toEqual({ ok: true, policy: next });
    expect(changePolicy(lastOf(next), third, signedByBoth(third), keysOf).ok).toBe(true);
  });

  it("stands in the set as theirs, and what ships as nobody's yet", () => {
    const policies = loadPolicySet([current, read("SG-CN.json")]);
    const changed = withPolicy(policies, { policy: next, standing: "signed" });
    expect(pairOf(changed, "SG", "CN")?.hash).toBe(pairOf(policies, "SG", "CN")?.hash);
    expect(changed.hash).not.toBe(policies.hash);
    expect(pairOf(policies, "CN", "SG")?.policy.version).toBe(1);
    expect(pairOf(changed, "CN", "SG")?.reasons["pair-allows"]).toMatchObject({
      rule: "pairs/CN-SG.json@2#allow",
      source: "version 2, signed by CN and SG",
    });
    expect(pairOf(policies, "CN", "SG")?.reasons["pair-allows"].source).toBe(
      "shipped default, in force until CN and SG sign another",
    );
  });

  it("brings nothing back, and skips nothing", () => {
    const skips = { code: "version-not-next", expected: 3 };
    expect(changePolicy(lastOf(next), next, both, keysOf)).toEqual({ ok: false, refusal: skips });
    expect(changePolicy(lastOf(current), third, signedByBoth(third), keysOf)).toMatchObject({
      refusal: { code: "version-not-next", expected: 2 },
    });
  });

  it("is refused where it follows another than it names, or names none", () => {
    const expected = policyHash(current);
    const other = { ...next, previous: policyHash(read("SG-CN.json")) };
    const { previous: _, ...none } = next;
    for (const policy of [other, none])
      expect(changePolicy(lastOf(current), policy, signedByBoth(policy), keysOf)).toEqual({
        ok: false,
        refusal: { code: "previous-differs", expected },
      });
  });

  it("is refused without both, for another pair, and where it is no policy", () => {
    expect(changePolicy(lastOf(current), next, both.slice(1), keysOf)).toMatchObject({
      refusal: { code: "signature-missing", member: "CN" },
    });
    expect(changePolicy(lastOf(read("MY-TH.json")), next, both, keysOf)).toMatchObject({
      refusal: { code: "other-pair", expected: "MY-TH" },
    });
    expect(changePolicy(lastOf(current), { ...next, also: 1 }, both, keysOf)).toMatchObject({
      refusal: { code: "malformed" },
    });
  });
});

describe("the schema of a policy", () => {
  const problems = (change: object) => {
    const parsed = PairPolicy.safeParse({ ...current, ...change });
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
  };
  const rule = current.rules[0]!;
  const basis = current.basis;

  it.each<[string, object]>([
    ["a word that it does not know", { alow: [] }],
    ["a condition that it does not know", { rules: [{ ...rule, if: { colour: ["red"] } }] }],
    ["code for a condition", { rules: [{ ...rule, if: { label: "x => true" } }] }],
    ["an exact marking, which a stricter one would silence", { rules: [{ ...rule, if: { tlp: "green" } }] }],
    ["an operation that it does not know", { personalData: { ...current.personalData, email: "keep" } }],
    [
      "a network to keep of what has none",
      { personalData: { ...current.personalData, person: "cryptopan" } },
    ],
    [
      "something to keep of what nobody knows",
      { personalData: { ...current.personalData, unlisted: "mask" } },
    ],
    ["kinds of personal data left out", { personalData: { email: "drop" } }],
    ["a default that opens", { default: "allow" }],
    ["a first version that follows another", { previous: policyHash(current) }],
    ["a predecessor that is no hash", { version: 2, previous: "the one before" }],
    ["one member with itself", { importer: "CN" }],
    ["an importer that is no member", { importer: "US" }],
    ["two rules of one id", { rules: [rule, rule] }],
    ["a class both allowed and allowed to the named", { allowNamed: [current.allow[0]] }],
    [
      "an end before its beginning",
      { effective: { from: "2026-01-01T00:00:00Z", until: "2025-01-01T00:00:00Z" } },
    ],
    ["a time without its zone", { effective: { from: "2026-01-01T00:00:00", until: null } }],
    ["a signed basis without a date", { basis: { ...basis, status: "signed" } }],
    ["no basis with a status", { basis: { ...basis, kind: "none", status: "draft" } }],
    ["an approver of a third member", { rules: [approval(["MY:officer"])] }],
    ["nobody to approve", { rules: [approval([])] }],
    ["a rule that redacts nothing", { rules: [redaction({})] }],
    ["101 rules", { rules: Array.from({ length: 101 }, (_, index) => ({ ...rule, id: `r${index}` })) }],
    ["a text without end", { rules: [{ ...rule, source: "x".repeat(301) }] }],
    ["33 choices", { rules: [{ ...rule, if: { label: Array.from({ length: 33 }, (_, at) => `l${at}`) } }] }],
  ])("refuses %s", (_, change) => {
    expect(problems(change)).not.toEqual([]);
  });

  it("takes what it is meant for", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ rules: [approval(["CN:officer"]), redaction({ email: "mask" })] })).toEqual([]);
  });

  function approval(approvers: string[]): object {
    const said = current.rules.find((one) => one.then === "approve");
    return { ...said, id: "a", approvers };
  }

  function redaction(ops: object): object {
    return { ...current.rules.find((one) => one.then === "redact"), id: "b", ops };
  }
});
