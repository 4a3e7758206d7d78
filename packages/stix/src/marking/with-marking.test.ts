import { describe, expect, it } from "vitest";
import type { StixObject } from "../stix-object.ts";
import { tlpMarkingId } from "./tlp-marking.ts";
import { withMarking } from "./with-marking.ts";

const REPORT = {
  type: "report",
  id: "report--11111111-1111-4111-8111-111111111111",
  object_refs: ["indicator--11111111-1111-4111-8111-111111111111"],
} as StixObject;

describe("withMarking", () => {
  const statement = "marking-definition--55555555-5555-4555-8555-555555555555";
  const green1 = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da";

  it.each([
    ["sets the TLP", undefined, [tlpMarkingId("amber")]],
    ["replaces TLP 1 and TLP 2", [green1, tlpMarkingId("clear")], [tlpMarkingId("amber")]],
    ["keeps other markings", [statement, green1], [statement, tlpMarkingId("amber")]],
  ])("%s", (_name, refs, marked) => {
    const object = { ...REPORT, ...(refs && { object_marking_refs: refs }) };
    expect(withMarking(object, { tlp: "amber" }).object_marking_refs).toEqual(marked);
  });

  it("says PAP as a label, in the producer's spelling where it said so itself", () => {
    const said = (labels: string[] | undefined) =>
      withMarking({ ...REPORT, ...(labels && { labels }) }, { tlp: "green", pap: "red" }).labels;
    expect(said(undefined)).toEqual(["PAP:RED"]);
    expect(said(["x", "pap:red"])).toEqual(["x", "pap:red"]);
    expect(said(["x", "pap:green"])).toEqual(["x", "PAP:RED"]);
    const address = {
      type: "ipv4-addr",
      id: "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
      value: "198.51.100.3",
    };
    expect(withMarking(address, { tlp: "green", pap: "red" })).not.toHaveProperty("labels");
  });
});
