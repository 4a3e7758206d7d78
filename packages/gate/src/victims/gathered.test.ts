import { keysOf, type StixObject } from "@suar/stix";
import { expect, test } from "vitest";
import { Gathered } from "./gathered.ts";

const stated = (object: StixObject) => ({ object, keys: keysOf(object) });
const indicator = (value: string): StixObject => ({
  type: "indicator",
  id: `indicator--${value}`,
  pattern: `[ipv4-addr:value = '${value}']`,
});

test("keeps of a large submission only what can be a victim's, whatever it is told of the attacker's by the rest", () => {
  const addresses = Array.from({ length: 5_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
  const c2 = { type: "ipv4-addr", id: "ipv4-addr--c2", value: addresses[4_999] };
  const ours = { type: "ipv4-addr", id: "ipv4-addr--ours", value: "192.0.2.1" };
  const said = Gathered.in([c2, ours, ...addresses.map(indicator)].map(stated));
  expect(said.objects).toEqual([c2, ours]);
  expect(said.attackers.has(c2)).toBe(true);
  expect(said.attackers.has(ours)).toBe(false);
});
