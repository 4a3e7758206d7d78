import type { DirectoryEntry } from "@suar/runtime";
import { expect, test } from "vitest";
import { collectionsOf } from "./collections.ts";
import { identityId, referencesFor } from "./references.ts";

const entry = (id: number, code: string): DirectoryEntry => ({
  id,
  code,
  kind: code.includes(":") ? "agency" : "cert",
  member: code.slice(0, 2),
  name: `CERT ${code}`,
  sector: code.includes(":") ? "energy" : null,
  active: true,
  createdAt: new Date("2026-01-01T00:00:00Z"),
});
const ORGANISATIONS = [entry(1, "SG"), entry(2, "MY"), entry(3, "SG:grid"), entry(4, "MY:port")];
const SECTORS = [{ code: "energy", name: "Energy" }];

function collections(more: { member?: string; id?: number; mayWrite?: boolean; realm?: string } = {}) {
  const { member = "SG", id = 1, mayWrite = false, realm = "live" } = more;
  return collectionsOf({
    realm,
    own: { id, member },
    mayWrite,
    organisations: ORGANISATIONS,
    sectors: SECTORS,
  });
}

const aliases = (of: ReturnType<typeof collections>) => of.map(({ shown }) => shown.alias);

test("there is one for everything, one a producer, one a TLP that is shared, one a sector", () => {
  expect(aliases(collections())).toEqual([
    "all",
    "producer-sg",
    "producer-my",
    "producer-sg-grid",
    "tlp-clear",
    "tlp-green",
    "tlp-amber",
    "tlp-amber-strict",
    "sector-energy",
  ]);
});

test("another member's agencies are not named", () => {
  expect(aliases(collections({ member: "MY", id: 2 }))).not.toContain("producer-sg-grid");
  const named = (member: string) => referencesFor(ORGANISATIONS, member).map(({ id }) => id);
  expect(named("MY")).toContain(identityId("MY:port"));
  expect(named("MY")).not.toContain(identityId("SG:grid"));
});

test("an id is a UUID of version 4, the same each time, and another in another realm", () => {
  const ids = (realm: string) => collections({ realm }).map(({ shown }) => shown.id);
  expect(ids("live")).toEqual(ids("live"));
  expect(new Set([...ids("live"), ...ids("drill_1")]).size).toBe(ids("live").length * 2);
  for (const id of ids("live"))
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("who may submit writes to its own and to those of a TLP, whose marking it is then", () => {
  const writable = collections({ mayWrite: true }).filter(({ shown }) => shown.can_write);
  expect(writable.map(({ shown, tlp }) => [shown.alias, tlp])).toEqual([
    ["producer-sg", undefined],
    ["tlp-clear", "clear"],
    ["tlp-green", "green"],
    ["tlp-amber", "amber"],
    ["tlp-amber-strict", "amber+strict"],
  ]);
  expect(collections().some(({ shown }) => shown.can_write)).toBe(false);
});

test("references stand before the log, each at a time of its own", () => {
  const places = referencesFor(ORGANISATIONS, "SG").map(({ place }) => place);
  expect(places.every(({ ordinal }) => ordinal === 0n)).toBe(true);
  for (let n = 1; n < places.length; n++)
    expect(places[n]?.micros, String(n)).toBeGreaterThan(places[n - 1]?.micros ?? 0n);
});
