import { describe, expect, test } from "vitest";
import { parseStixObject } from "../parse/parse-object.ts";
import { parsePap } from "./pap.ts";
import { formatTlp, parseTlp, stricterTlp, Tlp } from "./tlp.ts";
import {
  fixedTlpDefinition,
  TLP_2_EXTENSION,
  tlpMarkingDefinition,
  tlpMarkingId,
  tlpOfMarking,
} from "./tlp-marking.ts";

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

describe("a definition under an id of TLP", () => {
  const tlp1 = ["613f2e26-407d-48c7-9eca-b8e91df99dc9", "34098fce-860f-48ae-8e50-ebd3cc5e41da"];
  const ids = [...tlp1, "f88d31f6-486f-44da-b317-01333bde0b82", "5e57c739-391a-4eb3-b6be-7d15ca92d5ed"]
    .map((uuid) => `marking-definition--${uuid}`)
    .concat(Tlp.options.map(tlpMarkingId));
  const issuesOf = (object: unknown) => {
    const parsed = parseStixObject(object);
    return parsed.ok ? [] : parsed.issues.map(({ code, path }) => `${code} ${path}`);
  };

  test.each(ids)("%s is the fixed one, and nothing else", (id) => {
    const fixed = fixedTlpDefinition(id);
    if (fixed === undefined) throw new Error("not fixed");
    expect(issuesOf(fixed)).toEqual([]);
    expect(issuesOf({ ...fixed, created: fixed.created?.toString().replace(".000Z", ".000000Z") })).toEqual(
      [],
    );
    const { name, ...nameless } = fixed;
    expect(issuesOf(nameless)).toEqual([]);
    expect(issuesOf({ ...fixed, name: "TLP:OTHER" })).toEqual(["fixed-definition /name"]);
    expect(issuesOf({ ...fixed, created: "2024-01-01T00:00:00.000Z" })).toEqual([
      "fixed-definition /created",
    ]);
    expect(issuesOf({ ...fixed, x_note: 1 })).toEqual(["fixed-definition /x_note"]);
    const statement = { definition_type: "statement", definition: { statement: String(name) } };
    expect(issuesOf({ ...fixed, ...statement })).toContain("fixed-definition /definition");
  });

  test("says why it is refused", () => {
    const parsed = parseStixObject({ ...tlpMarkingDefinition("red"), name: "TLP:GREEN" });
    expect(parsed).toMatchObject({
      issues: [{ message: 'must be "TLP:RED": the definition of TLP:RED is fixed', section: "7.2.1" }],
    });
  });

  test("is the only one of its colour in TLP 1, and TLP 2 has five levels", () => {
    const other = { id: "marking-definition--00000000-0000-4000-8000-000000000000" };
    expect(issuesOf({ ...fixedTlpDefinition(ids[3] ?? ""), ...other })).toEqual(["fixed-definition /id"]);
    const fifth = { definition_type: "tlp", definition: { tlp: "clear" }, ...other };
    const made = { type: "marking-definition", spec_version: "2.1", created: "2024-01-01T00:00:00.000Z" };
    expect(issuesOf({ ...made, ...fifth })).toEqual(["invalid-value /definition/tlp"]);
    const mauve = { extension_type: "property-extension", tlp_2_0: "mauve" };
    expect(issuesOf({ ...made, ...other, extensions: { [TLP_2_EXTENSION]: mauve } })).toEqual([
      `invalid-value /extensions/${TLP_2_EXTENSION}/tlp_2_0`,
    ]);
  });
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
