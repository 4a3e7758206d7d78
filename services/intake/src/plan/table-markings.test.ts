import { randomUUID } from "node:crypto";
import { Pap, stricterPap, stricterTlp, Tlp } from "@suar/stix";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TableMarkings } from "./table-markings.ts";

const Row = fc.record({
  id: fc
    .integer({ min: 0, max: 30 })
    .map((n) => `indicator--${String(n).padStart(8, "0")}-0000-4000-8000-000000000000`),
  tlp: fc.option(fc.constantFrom(...Tlp.options), { nil: undefined }),
  pap: fc.option(fc.constantFrom(...Pap.options), { nil: undefined }),
});

describe("TableMarkings", () => {
  it("joins the markings of an id, each level by itself", () => {
    fc.assert(
      fc.property(fc.array(Row, { maxLength: 100 }), (rows) => {
        const table = new TableMarkings();
        for (const row of rows) table.note(row);
        for (const { id } of rows) {
          const own = rows.filter((row) => row.id === id);
          const tlps = own.flatMap(({ tlp }) => tlp ?? []);
          const paps = own.flatMap(({ pap }) => pap ?? []);
          expect(table.of(id)).toEqual({
            ...(tlps.length > 0 && { tlp: tlps.reduce(stricterTlp) }),
            ...(paps.length > 0 && { pap: paps.reduce(stricterPap) }),
          });
          expect(table.isUnknown(id)).toBe(false);
        }
      }),
    );
  });

  it("keeps many ids apart, and remembers what is not known", () => {
    const table = new TableMarkings();
    const ids = Array.from({ length: 20_000 }, () => `indicator--${randomUUID()}`);
    for (const [n, id] of ids.entries()) table.note({ id, tlp: n % 2 === 0 ? "green" : "amber" });
    table.note({ id: ids[7] ?? "", unknown: true });
    expect(ids.filter((id) => table.of(id).tlp === "amber")).toHaveLength(10_000);
    expect(ids.filter((id) => table.isUnknown(id))).toEqual([ids[7]]);
    expect(table.of(`indicator--${randomUUID()}`)).toEqual({});
  });
});
