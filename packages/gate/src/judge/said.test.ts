import type { StixObject } from "@suar/stix";
import { tlpMarkingId } from "@suar/stix";
import { expect, test } from "vitest";
import { saidHash } from "./said.ts";

const STATEMENT = "marking-definition--11111111-1111-4111-8111-111111111111";
const object = {
  type: "indicator",
  id: "indicator--1",
  modified: "2027-01-01T00:00:00.000Z",
  name: "a",
} as StixObject;

test.each([
  ["TLP", { object_marking_refs: [tlpMarkingId("green")] }],
  ["PAP", { labels: ["PAP:AMBER"] }],
  ["a warning list that it was on", { labels: [`suar:warning-list="Sites"`] }],
  ["other spellings of its times", { modified: "2027-01-01T00:00:00Z" }],
])("%s says nothing else", (_name, more) => {
  expect(saidHash({ ...object, ...more })).toEqual(saidHash(object));
});

test.each([
  ["content", { name: "b" }],
  ["a property more", { confidence: 50 }],
  ["another marking", { object_marking_refs: [STATEMENT, tlpMarkingId("green")] }],
  ["a label", { labels: ["apt", "PAP:AMBER"] }],
])("%s does", (_name, more) => {
  expect(saidHash({ ...object, ...more })).not.toEqual(saidHash(object));
});
