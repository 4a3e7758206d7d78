import { localName } from "@suar/formats";
import type { StixObject } from "@suar/stix";
import { describe, expect, it } from "vitest";
import { resolveReferences } from "./resolve-references.ts";

const A = "indicator--11111111-1111-4111-8111-111111111111";
const OUTSIDE = "malware--22222222-2222-4222-8222-222222222222";
const ids = new Map([[localName("indicator", "a"), A]]);

const tie = (source_ref: string, target_ref: string): StixObject => ({
  type: "relationship",
  id: "relationship--33333333-3333-4333-8333-333333333333",
  relationship_type: "related-to",
  source_ref,
  target_ref,
});
const report = (...object_refs: string[]): StixObject => ({
  type: "report",
  id: "report--44444444-4444-4444-8444-444444444444",
  object_refs,
});

describe("resolveReferences", () => {
  it("gives locals their ids, and leaves ids outside of the submission", () => {
    expect(resolveReferences(tie(localName("indicator", "a"), OUTSIDE), ids)).toEqual({
      ok: true,
      object: tie(A, OUTSIDE),
      losses: [],
    });
  });

  it("leaves an object alone that names ids only", () => {
    const object = tie(A, OUTSIDE);
    expect(resolveReferences(object, ids)).toMatchObject({ ok: true, object });
  });

  it("leaves a rejected record out of a list, and says so", () => {
    expect(resolveReferences(report(localName("indicator", "a"), localName("file", "gone")), ids)).toEqual({
      ok: true,
      object: report(A),
      losses: [`/object_refs/1: ${localName("file", "gone")}`],
    });
  });

  it.each([
    ["an end of a relationship", tie(localName("indicator", "a"), localName("file", "gone"))],
    ["all that a report names", report(localName("file", "gone"))],
  ])("refuses an object without %s", (_name, object) => {
    expect(resolveReferences(object, ids)).toMatchObject({ ok: false, code: "dangling-reference" });
  });

  it("leaves a reference out that is optional", () => {
    const object = { ...tie(A, OUTSIDE), created_by_ref: localName("identity", "gone") };
    expect(resolveReferences(object, ids)).toMatchObject({ ok: true, object: tie(A, OUTSIDE) });
  });

  it("does not take a producer's own text for a local", () => {
    const object = { ...tie(A, OUTSIDE), x_case_ref: "https://example.com/1" };
    expect(resolveReferences(object, ids)).toMatchObject({ ok: true, object });
  });
});
