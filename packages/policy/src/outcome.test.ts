import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinOutcomes, NOTHING, Outcome, outcomeKey, outcomeOf } from "./outcome.ts";
import { Operation, stricterOperation } from "./pairs/operation.ts";

const word = fc.constantFrom("a", "b", "c");
const some = <T>(item: fc.Arbitrary<T>) => fc.array(item, { maxLength: 4 });
const op = fc.constantFrom(...Operation.options);
const kind = fc.constantFrom("person" as const, "email" as const);
/** Any outcome, its lists in the order that joining gives them. */
const outcomes: fc.Arbitrary<Outcome> = fc
  .record({
    withheld: fc.boolean(),
    approvers: some(word),
    fourEyes: fc.boolean(),
    deadlineHours: fc.option(fc.nat(9)),
    redactions: some(fc.record({ path: word, op, class: kind })),
    reasons: some(
      fc.record({
        code: fc.constantFrom("named" as const, "community" as const),
        rule: word,
        source: word,
        paths: fc.constant([]),
      }),
    ),
    obligations: some(fc.constantFrom("acknowledge" as const, "no-onward" as const)),
    bases: fc.constant([]),
    pii: some(fc.record({ class: kind, individuals: fc.nat(5), op })),
    policyHash: fc.constantFrom("", "h"),
  })
  .map((claim) => joinOutcomes(outcomeOf(claim)));

describe("joining outcomes", () => {
  it("is commutative, associative and idempotent", () => {
    fc.assert(
      fc.property(outcomes, outcomes, outcomes, (a, b, c) => {
        const all = joinOutcomes(a, b, c);
        expect(joinOutcomes(c, a, b)).toEqual(all);
        expect(joinOutcomes(a, joinOutcomes(b, c))).toEqual(all);
        expect(joinOutcomes(all, all, a)).toEqual(all);
      }),
    );
  });

  it("never loosens: a join is at least as strict as its parts, in each component", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const both = joinOutcomes(a, b);
        expect(both.withheld).toBe(a.withheld || b.withheld);
        expect(both.fourEyes).toBe(a.fourEyes || b.fourEyes);
        for (const part of [a, b]) {
          expect(both.approvers).toEqual(expect.arrayContaining([...part.approvers]));
          expect(both.obligations).toEqual(expect.arrayContaining([...part.obligations]));
          expect(both.reasons).toEqual(expect.arrayContaining([...part.reasons]));
          expect(both.deadlineHours ?? 99).toBeLessThanOrEqual(part.deadlineHours ?? 99);
          for (const { path, op, class: kind } of part.redactions)
            expect(
              both.redactions.some(
                (one) => one.path === path && one.class === kind && stricterOperation(op, one.op) === one.op,
              ),
            ).toBe(true);
        }
        expect(Outcome.parse(both)).toEqual(both);
      }),
    );
  });

  it("of two operations on the same data keeps the stricter, once", () => {
    const at = (op: Operation) =>
      outcomeOf({ ...joinOutcomes(), redactions: [{ path: "/name", op, class: "email" }] });
    const strictestFirst: Operation[] = ["drop", "mask", "hmac", "cryptopan"];
    for (const [index, stricter] of strictestFirst.entries())
      for (const milder of strictestFirst.slice(index))
        expect(joinOutcomes(at(milder), at(stricter)).redactions).toEqual(at(stricter).redactions);
  });

  it("refuses outcomes of different policies", () => {
    const under = (policyHash: string) => outcomeOf({ ...joinOutcomes(), policyHash });
    expect(() => joinOutcomes(under("a"), under("b"))).toThrow(RangeError);
    expect(joinOutcomes(under("a"), under("")).policyHash).toBe("a");
  });

  it("of nothing withholds nothing", () => {
    expect(joinOutcomes()).toEqual(NOTHING);
    expect(NOTHING).toMatchObject({ decision: "allow", withheld: false, redactions: [], reasons: [] });
  });
});

describe("the key of an outcome", () => {
  const plain = joinOutcomes();
  const mask = { path: "/name", op: "mask" as const, class: "email" as const };
  const drop = { path: "/title", op: "drop" as const, class: "email" as const };
  const ofPerson = { ...mask, class: "person" as const };

  it("is the same for the same copy, whatever the order and the reasons", () => {
    const reason = { code: "named" as const, rule: "named", source: "test", paths: [] };
    expect(outcomeKey({ ...plain, reasons: [reason] })).toBe(outcomeKey(plain));
    expect(outcomeKey({ ...plain, redactions: [mask, drop, mask], approvers: ["b", "a"] })).toBe(
      outcomeKey({ ...plain, redactions: [drop, mask], approvers: ["a", "b"] }),
    );
  });

  it("differs where the copy, the approval or the withholding does", () => {
    const different = [
      plain,
      { ...plain, withheld: true },
      { ...plain, approvers: ["SG"] },
      { ...plain, redactions: [mask] },
      { ...plain, redactions: [drop] },
      { ...plain, redactions: [ofPerson] },
    ];
    expect(new Set(different.map(outcomeKey)).size).toBe(different.length);
  });

  it("is stable: renditions are named after it", () => {
    expect(outcomeKey(plain)).toBe("[false,[],[]]");
    expect(outcomeKey({ ...plain, redactions: [mask] })).toBe('[false,[],[["/name","mask","email"]]]');
  });
});
