import { expect, test } from "vitest";
import { suarId } from "./identifier.ts";
import { parseStixObject } from "./parse-object.ts";
import { isBareRevocation, revocationOf } from "./revocation.ts";
import type { StixObject } from "./stix-object.ts";
import { OBJECTS } from "./testing/objects.ts";
import { tlpMarkingId } from "./tlp-marking.ts";

const author = suarId("identity", "SG");
const of = { modified: "2031-01-01T00:00:00.000Z", author, markings: [tlpMarkingId("green")] };
const created = { created: "2026-01-01T00:00:00.000Z" };

const NONE = ["language-content", "location", "observed-data", "relationship", "sighting"];
const versioned = OBJECTS.filter(({ modified }) => modified !== undefined) as StixObject[];

test.each(versioned.map((object) => [object.type, object] as const))(
  "revokes a %s as its type allows",
  (type, object) => {
    const mine = { ...object, ...created, created_by_ref: author };
    const revoked = revocationOf(mine, of);
    if (NONE.includes(type) || object.type === "extension-definition") {
      expect(revoked).toBeUndefined();
      return;
    }
    expect(parseStixObject(revoked)).toMatchObject({ ok: true });
    expect(revoked).toMatchObject({ id: object.id, type, ...created, created_by_ref: author, revoked: true });
    // Of what was said nothing is left but what names it.
    const kept = ["type", "spec_version", "id", "created", "created_by_ref"];
    for (const [name, value] of Object.entries(mine))
      if (!kept.includes(name) && typeof value === "string" && value.length > 10)
        expect(JSON.stringify(revoked), name).not.toContain(value);
    expect(isBareRevocation(revoked as StixObject)).toBe(true);
    expect(isBareRevocation({ ...(revoked as StixObject), description: "more" })).toBe(false);
    expect(isBareRevocation(mine)).toBe(false);
  },
);

test("revokes nothing that somebody else created, and what names nobody without naming anybody", () => {
  const campaign = versioned.find(({ type }) => type === "campaign") as StixObject;
  const { created_by_ref: _, ...nobodys } = { created_by_ref: author, ...campaign, ...created };
  expect(
    revocationOf({ ...nobodys, created_by_ref: suarId("identity", "MY") } as StixObject, of),
  ).toBeUndefined();
  const revoked = revocationOf(nobodys as StixObject, of);
  expect(revoked).toMatchObject({ name: "Withdrawn" });
  expect(revoked).not.toHaveProperty("created_by_ref");
});

test("has no version for what has none, or what is not of the standard", () => {
  for (const object of OBJECTS.filter(({ modified }) => modified === undefined))
    expect(revocationOf(object as StixObject, of)).toBeUndefined();
  const custom = { ...versioned[0], type: "x-own", id: "x-own--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701" };
  expect(revocationOf(custom as StixObject, of)).toBeUndefined();
});
