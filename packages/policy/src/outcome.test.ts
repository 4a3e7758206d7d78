import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinOutcomes, Outcome, outcomeKey } from "./outcome.ts";

const word = fc.constantFrom("a", "b", "c");
const outcomes: fc.Arbitrary<Outcome> = fc.record({
  withheld: fc.boolean(),
  approvers: fc.array(word),
  redactions: fc.array(
    fc.record({ path: word, op: fc.constantFrom("drop" as const, "mask" as const, "hmac" as const) }),
  ),
  reasons: fc.array(fc.record({ code: word, rule: word, source: word })),
});

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

  it("never loosens: a join holds all that its parts hold", () => {
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const both = joinOutcomes(a, b);
        expect(both.withheld).toBe(a.withheld || b.withheld);
        expect(both.approvers).toEqual(expect.arrayContaining([...a.approvers, ...b.approvers]));
        expect(both.redactions).toEqual(expect.arrayContaining([...a.redactions, ...b.redactions]));
        expect(both.reasons).toEqual(expect.arrayContaining([...a.reasons, ...b.reasons]));
        expect(Outcome.parse(both)).toEqual(both);
      }),
    );
  });

  it("of nothing withholds nothing", () => {
    expect(joinOutcomes()).toEqual({ withheld: false, approvers: [], redactions: [], reasons: [] });
  });
});

describe("the key of an outcome", () => {
  const plain = joinOutcomes();
  const mask = { path: "/name", op: "mask" as const };
  const drop = { path: "/name", op: "drop" as const };

  it("is the same for the same copy, whatever the order and the reasons", () => {
    const reason = { code: "named", rule: "named", source: "test" };
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
    ];
    expect(new Set(different.map(outcomeKey)).size).toBe(different.length);
  });

  it("is stable: renditions are named after it", () => {
    expect(outcomeKey(plain)).toBe("[false,[],[]]");
    expect(outcomeKey({ ...plain, redactions: [mask] })).toBe('[false,[],[["/name","mask"]]]');
  });
});
