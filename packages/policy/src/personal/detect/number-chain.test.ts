import fc from "fast-check";
import { expect, it } from "vitest";
import { hasNumber, numberChains } from "./number-chain.ts";

const text = fc.string({ unit: fc.constantFrom(..."0159 ./()-+ax１"), maxLength: 40 });

it("finds the chains that the form says", () => {
  fc.assert(
    fc.property(text, (of) => {
      const forms = [...of.matchAll(/\d+(?:[ ./()-]{1,3}\d+)*/g)].filter(
        ([chain]) => chain.replaceAll(/\D/g, "").length >= 6,
      );
      const chains = numberChains(of);
      expect(chains.map(({ digits }) => digits)).toEqual(forms.map(([chain]) => chain.replaceAll(/\D/g, "")));
      expect(chains.map(({ groups }) => of.slice(groups[0]?.start, groups.at(-1)?.end))).toEqual(
        forms.map(([chain]) => chain),
      );
      for (const { groups, digits, offsets } of numberChains(of))
        expect(groups.map(({ start, end }) => of.slice(start, end))).toEqual(
          groups.map((_, n) => digits.slice(offsets[n], offsets[n + 1])),
        );
      expect(hasNumber(of)).toBe(chains.length > 0);
    }),
    { numRuns: 2_000 },
  );
});
