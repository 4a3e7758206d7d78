import { describe, expect, it } from "vitest";
import { audienceFor as group, audienceMemo as memoOf } from "./audience.ts";
import { decideByMarking } from "./decide-by-marking.ts";
import type { MarkedSubject, Organisation } from "./subject.ts";

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
      { key: "[false,[],[]]", organisationIds: [60, 61, 62, 80, 81, 82] },
    ]);
    expect(audiences[0]!.outcome.reasons.map(({ code }) => code)).toEqual([
      "client-of-named",
      "client-of-producer",
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
