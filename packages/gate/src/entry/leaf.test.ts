import { commitGroups, GROUP_NAMES } from "@suar/merkle";
import { createSecrets } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import { describe, expect, it } from "vitest";
import type { Gate } from "../context/gate.ts";
import { commitEntry, type EntryFacts, openingsOf } from "./leaf.ts";
import { type Stated, wordsText } from "./stated.ts";

const gateOf = (secret: string): Gate => {
  const leafMac = createSecrets(secret.repeat(40)).mac("leaf");
  return { leafMac } as unknown as Gate;
};
const gate = gateOf("s");
const decision = JSON.stringify({
  decision: "redact",
  reasons: [{ code: "named", rule: "named", source: "TLP", paths: [] }],
  redactions: [{ path: "/name", op: "drop", class: "person" }],
  obligations: [],
  policyHash: "p",
  bases: ["mcc"],
  pii: { person: 1 },
});
const facts: EntryFacts = {
  kind: "released",
  renditionId: 7,
  audienceId: 3,
  sent: { id: "indicator--1", type: "indicator", sha256: "ab".repeat(32), tlp: "green", pap: null },
  from: { id: "indicator--2", version: "v", contentHash: Buffer.alloc(32, 1) },
  originator: "SG",
  recipients: ["SG", "MY"],
  decision,
};
const words = { named: ["MY"], community: false, isVictims: false, limits: {} };
const stated: Stated = {
  ...{ submission: null, rank: 1, kind: "released", creator: null, created: null, revoked: false },
  words: wordsText(words),
};
const commitment = (change: Partial<EntryFacts>, by = gate) =>
  commitEntry(by, { ...facts, ...change }).toString("hex");

describe("an entry's commitment", () => {
  it("is that of its openings, the second time as the first", () => {
    for (const one of [facts, facts, { ...facts, decision: null }, { ...facts, renditionId: 8 }])
      expect(commitEntry(gate, one)).toEqual(Buffer.from(commitGroups(openingsOf(gate, one))));
  });

  it("changes with everything that it commits to, and with the realm's key", () => {
    const changes: Partial<EntryFacts>[] = [
      { kind: "withdrawn" },
      { renditionId: 9 },
      { audienceId: 4, recipients: ["SG", "TH"] },
      ...Object.keys(facts.sent).map((name) => ({ sent: { ...facts.sent, [name]: "other" } })),
      { from: { ...facts.from, id: "x" } },
      { from: { ...facts.from, version: "w" } },
      { from: { ...facts.from, contentHash: Buffer.alloc(32, 2) } },
      { from: { ...facts.from, stated } },
      ...Object.entries({
        ...{ submission: "s", rank: 2, kind: "alert", creator: "identity--1", created: "c", revoked: true },
        words: wordsText({ ...words, limits: { noForward: true } }),
      }).map(([name, other]) => ({ from: { ...facts.from, stated: { ...stated, [name]: other } } })),
      { originator: "MY" },
      { decision: decision.replace("redact", "allow") },
      { decision: decision.replace("mcc", "scc") },
    ];
    const all = [commitment({}), commitment({}, gateOf("t")), ...changes.map((change) => commitment(change))];
    expect(new Set(all).size).toBe(changes.length + 2);
  });

  it("tells receivers of a decision neither rules nor grounds", () => {
    const { why, rules } = openingsOf(gate, facts);
    expect(Object.keys(JSON.parse(why.value))).toEqual([
      "decision",
      "obligations",
      "pii",
      "policyHash",
      "redactions",
    ]);
    expect(Object.keys(JSON.parse(rules.value))).toEqual(["bases", "reasons"]);
  });

  it("commits to words in canonical form", () => {
    const all = { named: ["MY", "SG:bank"], community: true, isVictims: true };
    const said = { ...all, limits: { releasableTo: ["MY"], expires: "2027-01-01T00:00:00Z" } };
    expect(wordsText(said)).toBe(canonicalJson(said));
    expect(wordsText({ ...words, named: [] })).toBe(canonicalJson({ ...words, named: null }));
  });

  it("commits to a version as it was stated, in canonical form", () => {
    const { from } = openingsOf(gate, { ...facts, from: { ...facts.from, stated } });
    expect(from.value).toBe(canonicalJson({ ...JSON.parse(from.value) }));
    expect(JSON.parse(from.value)).toMatchObject({ id: "indicator--2", rank: 1, words });
    expect(JSON.parse(openingsOf(gate, facts).from.value)).not.toHaveProperty("words");
  });

  it("gives each group another salt, and those of one entry no other's", () => {
    const salts = (of: EntryFacts) =>
      GROUP_NAMES.map((name) => Buffer.from(openingsOf(gate, of)[name].salt).toString("hex"));
    expect(new Set(salts(facts)).size).toBe(GROUP_NAMES.length);
    const [one, other] = [salts(facts), salts({ ...facts, renditionId: 8 })];
    const same = GROUP_NAMES.filter((_, at) => one[at] === other[at]);
    expect(same).toEqual(["by", "rules", "to", "why"]);
  });
});
