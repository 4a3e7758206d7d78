import { compileList, type WarningList, WarningLists } from "@suar/formats";
import { keysOf, type StixObject } from "@suar/stix";
import { expect, test } from "vitest";
import { findWarnings } from "./find-warnings.ts";

const ID = "indicator--11111111-1111-4111-8111-111111111111";

async function listsOf(...given: Partial<WarningList>[]): Promise<WarningLists> {
  const active = given.map(async (one, n) => {
    const list: WarningList = {
      name: `list ${n}`,
      version: 1,
      description: "",
      type: "hostname",
      matching_attributes: [],
      list: ["shared.example"],
      ...one,
    };
    const { compiled } = await compileList(list);
    return { ...compiled, name: list.name, version: list.version, isShared: true };
  });
  return new WarningLists(await Promise.all(active));
}

const hitsOf = (lists: WarningLists, object: object): string[] =>
  findWarnings(lists, object as StixObject, keysOf(object as StixObject)).map(({ name }) => name);
const indicator = (pattern: string) => ({ type: "indicator", id: ID, pattern, pattern_type: "stix" });

test("a URL is no hit of a list for domains alone, and is one of a list for URLs", async () => {
  const lists = await listsOf({ matching_attributes: ["domain"] }, { matching_attributes: ["url"] });
  expect(hitsOf(lists, indicator("[url:value = 'http://shared.example/x']"))).toEqual(["list 1"]);
  expect(hitsOf(lists, { type: "url", id: "url--x", value: "http://shared.example/x" })).toEqual(["list 1"]);
  expect(hitsOf(lists, { type: "domain-name", id: "domain-name--x", value: "shared.example" })).toEqual([
    "list 0",
  ]);
});

test("each value of an indicator is looked up, and a list told once", async () => {
  const lists = await listsOf({});
  const both = "domain-name:value = 'shared.example' OR domain-name:value = 'a.shared.example'";
  expect(hitsOf(lists, indicator(`[${both} OR ipv4-addr:value = '10.0.0.1']`))).toEqual([
    "list 0",
    "Suar: special-purpose addresses (RFC 6890)",
  ]);
  expect(
    hitsOf(lists, indicator("[url:value = 'http://other.example/' OR domain-name:value = 'shared.example']")),
  ).toEqual(["list 0"]);
  expect(
    hitsOf(lists, indicator("[domain-name:value = 'shared.example'] AND [file:name = 'x.exe']")),
    "in a pattern that asks for more",
  ).toEqual(["list 0"]);
});

test("at most ten lists are told", async () => {
  const lists = await listsOf(...Array.from({ length: 20 }, () => ({})));
  expect(hitsOf(lists, indicator("[domain-name:value = 'shared.example']"))).toHaveLength(10);
});
