import { expect, test } from "vitest";
import { parsePap } from "./pap.ts";
import { parseStixObject } from "./parse-object.ts";
import { formatTlp, parseTlp, stricterTlp, Tlp } from "./tlp.ts";
import { tlpMarkingDefinition, tlpMarkingId, tlpOfMarking } from "./tlp-marking.ts";

test.each([
  ["TLP:AMBER+STRICT", "amber+strict"],
  ["tlp:amber-strict", "amber+strict"],
  ["Amber Strict", "amber+strict"],
  ["tlp:white", "clear"],
  ["TLP: Green", "green"],
  ["TLP：RED", "red"],
  ["clear", "clear"],
])("reads %s as %s", (text, tlp) => {
  expect(parseTlp(text)).toBe(tlp);
});

test.each(["", "tlp:", "tlp:unclear", "tlp:ex:chr", "purple", "constructor", "amber+"])(
  "does not guess at %j",
  (text) => {
    expect(parseTlp(text)).toBeUndefined();
  },
);

test("every definition is valid STIX, and its id leads back to its level", () => {
  for (const tlp of Tlp.options) {
    const definition = tlpMarkingDefinition(tlp);
    expect(parseStixObject(definition)).toEqual({ ok: true, object: definition });
    expect(definition.id).toBe(tlpMarkingId(tlp));
    expect(tlpOfMarking(definition.id)).toBe(tlp);
    expect(parseTlp(formatTlp(tlp))).toBe(tlp);
  }
});

test("knows TLP 1 and OpenCTI's AMBER+STRICT, and no other marking", () => {
  expect(tlpOfMarking("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9")).toBe("clear");
  expect(tlpOfMarking("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82")).toBe("amber");
  expect(tlpOfMarking("marking-definition--826578e1-40ad-459f-bc73-ede076f81f37")).toBe("amber+strict");
  expect(tlpOfMarking("marking-definition--00000000-0000-4000-8000-000000000000")).toBeUndefined();
});

test("the stricter of two is the narrower audience, in either order", () => {
  const levels = Tlp.options;
  for (const [i, a] of levels.entries()) {
    for (const [j, b] of levels.entries()) expect(stricterTlp(a, b)).toBe(levels[Math.max(i, j)]);
  }
});

test("reads PAP, and does not guess", () => {
  expect(parsePap("PAP:AMBER")).toBe("amber");
  expect(parsePap("pap:white")).toBe("clear");
  expect(parsePap("amber+strict")).toBeUndefined();
});
