import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CpeName, cpesMeet, readCpe } from "../cpe/match-cpe.ts";
import { ProductSet } from "./product-set.ts";

const attribute = fc.constantFrom("*", "-", "a", "b", "a*", "?b");
const name = fc.tuple(attribute, attribute, attribute).map(([vendor, product, version]): CpeName => {
  const read = readCpe(`cpe:2.3:a:${vendor}:${product}:${version}:*:*:*:*:*:*:*`);
  if (read === undefined) throw new Error("not a CPE name");
  return read;
});

describe("a set of products", () => {
  it("is met by what any of its names is met by, whatever either leaves open", () => {
    const property = fc.property(fc.array(name, { maxLength: 12 }), name, (names, given) => {
      const set = new ProductSet();
      for (const one of names) set.add(one);
      expect(set.meets(given)).toBe(names.some((one) => cpesMeet(one, given)));
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
