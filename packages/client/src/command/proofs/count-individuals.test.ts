import { describe, expect, it } from "vitest";
import { IndividualCount } from "./count-individuals.ts";

const head = { origin: "o", seq: 1, loggedAt: "2026-03-01T00:00:00.000000Z", kind: "released" };
const entry = (
  version: string,
  pii: object,
  bases = ["SG>MY@1 none none none"],
  redactions: object[] = [],
) => ({
  head,
  values: {
    why: JSON.stringify({ decision: "redact", pii, redactions }),
    rules: JSON.stringify({ bases, reasons: [] }),
    from: JSON.stringify({ id: "incident--1", version, contentHash: "" }),
  },
});
const SG_MY = { exporter: "SG", importer: "MY", year: 2026 };

describe("individuals that crossed a border", () => {
  it("are counted once for each version and importer, by the most that one entry told of", () => {
    const count = new IndividualCount();
    count.add(entry("1", { email: 1 }));
    count.add(entry("1", { email: 2, phone: 1 }, ["SG>MY@1 a b c", "SG>TH@2 a b c"]));
    count.add(entry("2", { email: 4 }));
    expect(count.counts).toEqual([
      { ...SG_MY, individuals: 7 },
      { ...SG_MY, importer: "TH", individuals: 3 },
    ]);
  });

  it("are not those whose data was dropped, and are those whose data was put in other words", () => {
    const count = new IndividualCount();
    const redactions = [
      { op: "drop", class: "email", path: "/a" },
      { op: "hmac", class: "phone", path: "/b" },
    ];
    count.add(entry("1", { email: 5, phone: 2 }, undefined, redactions));
    expect(count.counts).toEqual([{ ...SG_MY, individuals: 2 }]);
  });

  it("are counted by who has the groups opened, in the year of the entry, and not where a ground is none", () => {
    const count = new IndividualCount();
    const { rules, why } = entry("1", { email: 1 }).values;
    count.add({ head, values: { why } });
    count.add({ head, values: { why, rules, from: "{}" } });
    count.add(entry("3", { email: 1 }, ["nonsense"]));
    count.add({ ...entry("4", { email: 1 }), head: { ...head, loggedAt: "2027-01-01T00:00:00.000000Z" } });
    expect(count.counts).toEqual([{ ...SG_MY, year: 2027, individuals: 1 }]);
    // It may have been counted in the last second of the year before.
    expect(count.surely).toEqual([]);
    count.add({ ...entry("5", { email: 2 }), head: { ...head, loggedAt: "2027-01-01T01:00:00.000000Z" } });
    expect(count.surely).toEqual([{ ...SG_MY, year: 2027, individuals: 2 }]);
  });

  it("are counted in the year of the first entry of a version, in whichever order receipts are read", () => {
    const at = (loggedAt: string, people: number) => ({
      ...entry("1", { email: people }),
      head: { ...head, loggedAt },
    });
    const [first, again] = [at("2026-12-31T23:00:00.000000Z", 2), at("2027-01-01T05:00:00.000000Z", 1)];
    for (const order of [
      [first, again],
      [again, first],
    ]) {
      const count = new IndividualCount();
      for (const one of order) count.add(one);
      expect([count.counts, count.surely]).toEqual(Array(2).fill([{ ...SG_MY, individuals: 2 }]));
    }
    const hour = new IndividualCount();
    for (const one of [again, at("2027-01-01T00:10:00.000000Z", 1)]) hour.add(one);
    expect([hour.counts.length, hour.surely]).toEqual([1, []]);
  });
});
