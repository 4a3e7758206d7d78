import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { audienceFor as group, audienceMemo as memoOf, subjectKey } from "./audience.ts";
import { decide } from "./decide.ts";
import { decideByMarking } from "./decide-by-marking.ts";
import { loadPolicySet } from "./pairs/policy-set.ts";
import type { MarkedSubject, Organisation, Subject } from "./subject.ts";

const audienceFor = (subject: MarkedSubject, organisations: readonly Organisation[]) =>
  group(subject, organisations, decideByMarking);
const audienceMemo = (organisations: readonly Organisation[]) =>
  memoOf<MarkedSubject>(organisations, decideByMarking);

const MEMBERS = ["BN", "CN", "ID", "KH", "LA", "MM", "MY", "PH", "SG", "TH", "TL", "VN"];
const WORLD = MEMBERS.flatMap((member, index): Organisation[] => [
  { id: index * 10 + 2, code: `${member}:bank`, member, kind: "agency" },
  { id: index * 10, code: member, member, kind: "cert" },
  { id: index * 10 + 1, code: `${member}:grid`, member, kind: "agency" },
]);
const SG = WORLD.find(({ code }) => code === "SG")!;
const amberToMy: MarkedSubject = { type: "indicator", tlp: "amber", producer: SG, to: ["MY"] };

describe("the audience of a subject", () => {
  it("is one group for one copy, sorted by id, with the reasons of all in it", () => {
    const audiences = audienceFor(amberToMy, WORLD);
    expect(audiences.map(({ key, organisationIds }) => ({ key, organisationIds }))).toEqual([
      { key: "[false,[],[]]", organisationIds: [60, 61, 62, 80] },
    ]);
    expect(audiences[0]!.outcome.reasons.map(({ code }) => code)).toEqual([
      "client-of-named",
      "named",
      "own-original",
    ]);
  });

  it("does not depend on the order of the organisations, nor on one listed twice", () => {
    const shuffled = [...WORLD].reverse().concat(WORLD.slice(0, 7));
    expect(audienceFor(amberToMy, shuffled)).toEqual(audienceFor(amberToMy, WORLD));
  });

  it("is empty for RED and for no organisations", () => {
    expect(audienceFor({ ...amberToMy, tlp: "red" }, WORLD)).toEqual([]);
    expect(audienceFor(amberToMy, [])).toEqual([]);
  });

  it("takes less than five microseconds a recipient", () => {
    const rounds = 2_000;
    const perRecipient = () => {
      const started = performance.now();
      for (let round = 0; round < rounds; round++) audienceFor(amberToMy, WORLD);
      return ((performance.now() - started) * 1000) / (rounds * WORLD.length);
    };
    // The best of a few: a neighbour on the same processor must not fail the test.
    expect(Math.min(...Array.from({ length: 5 }, perRecipient))).toBeLessThan(5);
  });
});

describe("an audience under policies", () => {
  const PAIRS = resolve(import.meta.dirname, "../../../seeds/policy/pairs");
  const policies = loadPolicySet(
    readdirSync(PAIRS).map((name): unknown => JSON.parse(readFileSync(join(PAIRS, name), "utf8"))),
  );
  const decider = (subject: Subject, recipient: Organisation) =>
    decide(subject, recipient, {
      policies,
      now: Date.parse("2026-11-22T00:00:00Z"),
      individualsYtd: () => 0,
    });
  const greenBySg: Subject = { ...amberToMy, tlp: "green", to: [], contentClass: "ttp", findings: [] };
  const NAME: Subject["findings"] = [{ path: "/name", class: "person", individuals: 1 }];

  it("is one for the whole and one for the redacted copy, whatever the pair that asked for it", () => {
    const audiences = group({ ...greenBySg, findings: NAME }, WORLD, decider);
    expect(audiences.map(({ key, organisationIds }) => [key, organisationIds.length])).toEqual([
      ['[false,[],[["/name","drop","person"]]]', 33],
      ["[false,[],[]]", 3],
    ]);
  });

  it("has in its parts each recipient's own grounds, and none of another's", () => {
    const [audience] = group(greenBySg, WORLD, decider);
    expect(audience!.organisationIds).toHaveLength(36);
    const withDuties = audience!.parts.filter(({ outcome }) => outcome.obligations.length > 0);
    expect(withDuties.map(({ organisationIds }) => organisationIds)).toEqual([[10, 11, 12]]);
    for (const { outcome, organisationIds } of audience!.parts)
      expect(new Set(organisationIds.map((id) => WORLD.find((one) => one.id === id)!.member)).size).toBe(
        outcome.bases.length === 0 ? 1 : new Set(outcome.bases.map(({ pair }) => pair)).size,
      );
    expect(audience!.parts.flatMap(({ organisationIds }) => organisationIds).sort((a, b) => a - b)).toEqual(
      audience!.organisationIds,
    );
  });

  it("keeps those who wait for an approval apart from those who do not", () => {
    const audiences = group(
      { ...greenBySg, contentClass: "incident", to: ["MY", "SG:bank"] },
      WORLD,
      decider,
    );
    expect(audiences.map(({ outcome, organisationIds }) => [outcome.approvers, organisationIds])).toEqual([
      [["SG:officer"], [60]],
      [[], [80, 82]],
    ]);
  });

  it("is remembered by all that a decision reads", () => {
    const memo = memoOf(WORLD, decider);
    const changes: Partial<Subject>[] = [
      {},
      { contentClass: "vuln.undisclosed" },
      { findings: NAME },
      { findings: [{ ...NAME[0]!, class: "email" }] },
      { findings: [{ ...NAME[0]!, individuals: 9 }] },
      { purpose: "law-enforcement" },
      { labels: ["important-data"] },
      { sectors: ["energy"] },
      { releasableTo: ["MY"] },
      { releasableTo: [] },
      { noForward: true },
      { expires: "2026-01-01T00:00:00Z" },
      { parents: [{ tlp: "amber" }] },
    ];
    for (const change of [...changes, ...changes]) {
      const subject = { ...greenBySg, ...change };
      expect(memo(subject)).toEqual(group(subject, WORLD, decider));
    }
    expect(new Set(changes.map((change) => subjectKey({ ...greenBySg, ...change }))).size).toBe(
      changes.length,
    );
  });
});

describe("a memo of audiences", () => {
  it("answers as audienceFor does, for subjects that differ in any property", () => {
    const memo = audienceMemo(WORLD);
    const producer = WORLD.find(({ code }) => code === "CN")!;
    const subjects: MarkedSubject[] = [
      amberToMy,
      { ...amberToMy, tlp: "amber+strict" },
      { ...amberToMy, pap: "red" },
      { ...amberToMy, pap: "purple" as "red" },
      { ...amberToMy, to: ["TH"] },
      { ...amberToMy, to: [] },
      { ...amberToMy, producer },
      { ...amberToMy, type: "malware" },
      { ...amberToMy, ends: [[producer.id]] },
    ];
    for (const subject of [...subjects, ...subjects])
      expect(memo(subject)).toEqual(audienceFor(subject, WORLD));
  });

  it("remembers, and stays right after it had to forget", () => {
    const memo = audienceMemo(WORLD);
    const first = memo(amberToMy);
    expect(memo({ ...amberToMy, to: [...amberToMy.to] })).toBe(first);
    for (let index = 0; index < 1100; index++) memo({ ...amberToMy, type: `x-${index}` });
    expect(memo(amberToMy)).not.toBe(first);
    expect(memo(amberToMy)).toEqual(first);
  });
});
