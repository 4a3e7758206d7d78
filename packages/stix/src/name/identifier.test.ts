import { expect, test } from "vitest";
import { isStixId, suarId, typeOfId, uuidv5 } from "./identifier.ts";

const DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const UUID = "8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

test("UUIDv5 gives the known answer for a DNS name", () => {
  expect(uuidv5(DNS, "www.example.com")).toBe("2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

test.each([
  `indicator--${UUID}`,
  `x-mitre-tactic--${UUID}`,
  `ipv4-addr--${UUID.toUpperCase()}`,
  "url--2ed6657d-e927-568b-95e1-2665a8aea6a2",
  "identity--c78cb6e5-0c4b-1611-8297-d1b8b55e40b5",
])("accepts %s", (id) => {
  expect(isStixId(id)).toBe(true);
});

test.each([
  UUID,
  `indicator-${UUID}`,
  `Indicator--${UUID}`,
  `in_dicator--${UUID}`,
  `-x--${UUID}`,
  `a-b---${UUID}`,
  `a--b--${UUID}`,
  `indicator--${UUID}\n`,
  `indicator--${UUID.slice(1)}`,
  "indicator--8e2e2d2b-17d4-4cbf-738f-98ee46b3cd3f",
  `${"a".repeat(251)}--${UUID}`,
  7,
  undefined,
])("refuses %s", (id) => {
  expect(isStixId(id)).toBe(false);
});

test("the type stands before the two hyphens", () => {
  expect(typeOfId(`x509-certificate--${UUID}`)).toBe("x509-certificate");
});

test("the same parts give the same id, other parts or types another", () => {
  const id = suarId("indicator", "SG", "domain:evil.example");
  expect(suarId("indicator", "SG", "domain:evil.example")).toBe(id);
  expect(isStixId(id)).toBe(true);
  expect(suarId("indicator", "SG,domain:evil.example")).not.toBe(id);
  expect(suarId("indicator", "MY", "domain:evil.example")).not.toBe(id);
});
