import { recall } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { describe, expect, test } from "vitest";
import {
  address,
  beacons,
  calls,
  communicates,
  consists,
  domain,
  freshAddress,
  indicator,
  infrastructure,
  looksFor,
  note,
  observed,
  resolves,
  shuffled,
  sighting,
  uses,
  victimsFile,
  victimsOf,
} from "./victims-scene.ts";

/* Of what a victim's infrastructure consists, and to what its domains resolve, is a victim's (STIX 2.1 §4.8.1, §6.4.1). */

const { scene, chance } = victimsFile();

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((first) =>
    ordersOf(items.filter((one) => one !== first)).map((rest) => [first, ...rest]),
  );
}

describe("the addresses behind what is called a victim's", () => {
  test.each([
    ["infrastructure", () => infrastructure("mail of a ministry"), consists],
    ["a domain", () => domain("portal.example"), resolves],
  ])(
    "cross nowhere, in whatever order %s, they and what is said of both are stated",
    async (_, of, holds) => {
      const context = await scene().context("SG");
      const { states, readBy, live } = victimsOf(scene());
      const values: string[] = [];
      for (const order of ordersOf([0, 1, 2, 3])) {
        const [whole, ours] = [of(), address(freshAddress())];
        const told = [ours, calls(whole), holds(whole, ours), note(`plover ${ours.value}`)];
        await states(context, whole);
        for (const at of order) await states(context, told[at] as StixObject);
        expect(await live([ours.id, `ipv4:${ours.value}`]), order.join()).toHaveLength(2);
        values.push(String(ours.value));
      }
      await scene().settled();
      const seen = JSON.stringify(await readBy("MY"));
      for (const value of values) expect(seen).not.toContain(`"${value}"`);
      expect(seen).toContain("plover [ip address removed]");
      expect(seen).not.toContain("plover 1");
    },
    120_000,
  );

  test("are the same in any order and batches of any size; the attacker's infrastructure stays the attacker's", async () => {
    const context = await scene().context("SG");
    const { submits, readBy, live } = victimsOf(scene());
    for (let run = 0; run < 12; run += 1) {
      const [ours, inner, hosted, named] = [1, 2, 3, 4].map(() => address(freshAddress())) as [
        any,
        any,
        any,
        any,
      ];
      const [theirs, tied, looked, led] = [1, 2, 3, 4].map(() => address(freshAddress())) as [
        any,
        any,
        any,
        any,
      ];
      const [hit, within, relay] = ["hit", "within", "relay"].map(infrastructure) as [any, any, any];
      const [portal, sought] = [domain(`portal${run}.example`), domain(`sought${run}.example`)];
      const data = observed(ours, hosted, theirs, tied);
      const statements = [
        ...[calls(hit), consists(hit, within), consists(hit, ours), consists(within, inner)],
        ...[communicates(within, hosted), uses(relay), consists(relay, theirs), consists(hit, relay)],
        ...[beacons(tied), consists(hit, tied), consists(hit, looked), indicator(String(looked.value))],
        ...[calls(portal), resolves(portal, named), resolves(portal, sought), resolves(sought, led)],
        ...[sighting(data), looksFor(sought)],
      ];
      const parts = [
        ours,
        inner,
        hosted,
        named,
        theirs,
        tied,
        looked,
        led,
        hit,
        within,
        relay,
        portal,
        sought,
        data,
      ];
      const all = shuffled([...parts, ...statements], chance);
      const size = run === 0 ? 1 : Math.floor(chance.between(1, all.length));
      await submits(context, all, size);
      await scene().settled();
      const because = `seed ${chance.seed}, run ${run}, ${size} of ${all.map(({ type }) => type).join()}`;
      const victims = [ours, inner, hosted, named];
      const names = [...parts, ...victims].flatMap(({ id, type, value }) =>
        type === "ipv4-addr" ? [id, `ipv4:${value}`] : [id],
      );
      const harmed = [hit, within, portal, data].map(({ id }) => id);
      const expected = [...harmed, ...victims.flatMap(({ id, value }) => [id, `ipv4:${value}`])];
      expect(await live(names), because).toEqual(expected.toSorted());
      const values = (await readBy("MY")).map(({ value }) => value);
      for (const { value } of victims) expect(values, because).not.toContain(value);
      expect(values, because).toEqual(
        expect.arrayContaining([theirs, tied, looked, led].map(({ value }) => value)),
      );
    }
  });

  test("stay a victim's when the relationship is taken back, until what it is a part of is none", async () => {
    const context = await scene().context("SG");
    const { states, live } = victimsOf(scene());
    const [hit, ours] = [infrastructure("hit"), address(freshAddress())];
    const [said, holds] = [calls(hit), consists(hit, ours)];
    const names = [hit.id, ours.id, `ipv4:${ours.value}`].toSorted();
    const takeBack = async ({ id: stixId }: StixObject) =>
      await scene().write(async (db) => await recall(db, context, { stixId, dueInMs: 60_000 }));
    await states(context, hit, ours, said, holds);
    await takeBack(holds);
    expect(await live(names)).toEqual(names);
    await takeBack(said);
    expect(await live(names)).toEqual([]);
  });
});
