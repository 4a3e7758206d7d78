import { commitGroups, GROUP_NAMES } from "@suar/merkle";
import { createSecrets } from "@suar/runtime";
import { canonicalJson } from "@suar/stix";
import { describe, expect, it } from "vitest";
import type { Gate } from "../context/gate.ts";
import type { KnownVersion } from "../judge/judge.ts";
import { commitEntry, type EntryFacts, openingsOf } from "./leaf.ts";
import { SALT_PAGE } from "./salts.ts";
import { FORM, fromVersion, type Stated, wordsText } from "./stated.ts";

const gateOf = (secret: string): Gate => {
  const secrets = createSecrets(secret.repeat(40));
  const salts = {
    leafSalts: secrets.wideMac("leaf-salts"),
    saltPages: secrets.keystream("salt-pages", SALT_PAGE),
  };
  return { leafMac: secrets.mac("leaf"), ...salts } as unknown as Gate;
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
  form: FORM,
  ...{ submission: null, rank: 1, kind: "released", creator: null, created: null, revoked: false },
  words: wordsText(words),
};
const commitment = (change: Partial<EntryFacts>, by = gate) =>
  Buffer.from(commitEntry(by, { ...facts, ...change })).toString("hex");

describe("an entry's commitment", () => {
  it("is that of its openings, the second time as the first", () => {
    const now = { ...facts, from: { ...facts.from, stated } };
    const before = [2, 3].map((form) => ({ ...now, from: { ...now.from, stated: { ...stated, form } } }));
    for (const of of [facts, now, ...before])
      for (const one of [of, of, { ...of, decision: null }, { ...of, renditionId: 8 }])
        expect(commitEntry(gate, one)).toEqual(commitGroups(openingsOf(gate, one)));
  });

  it("is for versions of before the one that they have in the log", () => {
    const before = [2, 3].map((form) => ({ from: { ...facts.from, stated: { ...stated, form } } }));
    expect([{}, ...before].map((change) => commitment(change))).toEqual([
      "a068f8a5184e4a499ab5058024dcbef216737b1126628fc2c3670ecc1df0c249",
      "a0b7f65b6e1e6b0523905605748e048b4f8872a8ddb358d8a3b477bb8fa51925",
      "172fbd3a032c6ee6b43583ebc7fe727921445dc00e6f13eb1b7e9e50674f15d4",
    ]);
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

  it("takes no form for another", () => {
    const version = { stix_id: "indicator--2", version: "v", content_hash: Buffer.alloc(32, 1) };
    const row = {
      ...version,
      ...{ submission_id: null, rank: 1, kind: "released", creator: null, created: null, revoked: false },
      ...{ named: ["MY"], community: false, is_victims: false, limits: {}, first_said: null },
    } as unknown as KnownVersion;
    const all = [0, 1, 2, 3, 4, 5].map((form) => commitment({ from: fromVersion({ ...row, form }) }));
    const [unknown, first, second, third, fourth, later] = all;
    expect([unknown, later]).toEqual([first, first]);
    expect(new Set([first, second, third, fourth]).size).toBe(4);
  });

  it("tells salts that stay as they are when the next entry is hashed", () => {
    const now = { ...facts, from: { ...facts.from, stated } };
    const openings = openingsOf(gate, now);
    commitEntry(gate, { ...now, renditionId: 8 });
    expect(commitGroups(openings)).toEqual(commitEntry(gate, now));
  });

  it("salts no two entries alike: of one page, of the next, of another audience, of another kind", () => {
    const now = { ...facts, from: { ...facts.from, stated } };
    const places = [0, 1, 127, 128, 129, 1_000, 2 ** 40].flatMap((renditionId) =>
      [3, 4, 300].flatMap((audienceId) =>
        ["released", "withdrawn"].map((kind) => ({ ...now, kind, renditionId, audienceId })),
      ),
    );
    const salts = places.flatMap((of) => {
      const { sent, from } = openingsOf(gate, of);
      return [sent, from].map(({ salt }) => Buffer.from(salt).toString("hex"));
    });
    expect(new Set(salts).size).toBe(places.length * 2);
    expect(openingsOf(gateOf("s"), places[3]!).sent.salt).toEqual(openingsOf(gate, places[3]!).sent.salt);
    expect(openingsOf(gateOf("t"), places[3]!).sent.salt).not.toEqual(openingsOf(gate, places[3]!).sent.salt);
  });

  it("gives each group another salt, and those of one entry no other's", () => {
    const salts = (of: EntryFacts) =>
      GROUP_NAMES.map((name) => Buffer.from(openingsOf(gate, of)[name].salt).toString("hex"));
    for (const form of [1, 2, 3, FORM]) {
      const of = form === 1 ? facts : { ...facts, from: { ...facts.from, stated: { ...stated, form } } };
      const [one, other] = [salts(of), salts({ ...of, renditionId: 8 })];
      expect(new Set(one).size).toBe(GROUP_NAMES.length);
      const same = GROUP_NAMES.filter((_, at) => one[at] === other[at]);
      expect(same).toEqual(["by", "rules", "to", "why"]);
    }
  });
});
