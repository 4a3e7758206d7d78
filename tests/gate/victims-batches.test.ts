import { release, releasing } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { describe, expect, test } from "vitest";
import {
  address,
  beacons,
  calls,
  freshAddress,
  indicator,
  itemOf,
  note,
  observed,
  shuffled,
  sighting,
  traffic,
  victimsFile,
  victimsOf,
} from "./victims-scene.ts";

/* Who is a victim is one answer for a whole submission, however its records fall into batches, and whoever else states. */

const { scene, chance } = victimsFile();

describe("the victims of a submission", () => {
  test("are the same in any order and in batches of any size; what it shows to be the attacker's is none", async () => {
    const context = await scene().context("SG");
    const { submits, readBy, live } = victimsOf(scene());
    for (let run = 0; run < 12; run += 1) {
      const [ours, tied, looked] = [
        address(freshAddress()),
        address(freshAddress()),
        address(freshAddress()),
      ];
      const [flow, other] = [traffic(ours, tied), traffic(ours, looked)];
      const data = observed(flow, other, tied);
      const told = note(`shoveler ${run}: ${ours.value} to ${tied.value} and ${looked.value}`);
      const parts = [ours, tied, looked, flow, other, data, told];
      const statements = [sighting(data), beacons(tied), indicator(String(looked.value))];
      const all = shuffled([...parts, ...statements], chance);
      const size = run === 0 ? 1 : Math.floor(chance.between(1, all.length));
      await submits(context, all, size);
      await scene().settled();
      const because = `seed ${chance.seed}, run ${run}, ${size} of ${all.map(({ type }) => type).join()}`;
      const keys = [ours, tied, looked].map(({ value }) => `ipv4:${value}`);
      const names = [...parts.map(({ id }) => id), ...keys];
      expect(await live(names), because).toEqual(
        [ours.id, `ipv4:${ours.value}`, flow.id, other.id, data.id].toSorted(),
      );
      const seen = await readBy("MY");
      expect(JSON.stringify(seen), because).not.toContain(String(ours.value));
      const values = seen.map(({ value }) => value);
      expect(values, because).toEqual(expect.arrayContaining([tied.value, looked.value]));
      const contents = seen.flatMap(({ content }) =>
        String(content).startsWith(`shoveler ${run}:`) ? [content] : [],
      );
      expect(contents, because).toEqual([
        `shoveler ${run}: [ip address removed] to ${tied.value} and ${looked.value}`,
      ]);
    }
  });

  test("include addresses that observed data holds itself", async () => {
    const context = await scene().context("SG");
    const { states, sees } = victimsOf(scene());
    const [ours, theirs] = [freshAddress(), freshAddress()];
    const { object_refs: _, ...data } = observed(address(ours));
    const embedded = {
      ...data,
      objects: { 0: { type: "ipv4-addr", value: ours }, 1: { type: "ipv4-addr", value: theirs } },
    } as StixObject;
    await states(context, indicator(theirs), embedded, sighting(embedded));
    await states(context, note(`wigeon ${ours} and ${theirs}`));
    expect(await sees("MY", `wigeon [ip address removed] and ${theirs}`)).toBe(true);
    expect(await sees("MY", ours)).toBe(false);
  });
});

describe("releases at the same time", () => {
  test("that speak of the same victims do not end one another, and leave nothing to be seen", async () => {
    const { sees, live } = victimsOf(scene());
    const value = freshAddress();
    const seen = Array.from({ length: 12 }, () => address(freshAddress()));
    const victim = address(value);
    const members = ["SG", "TH", "VN"];
    const contexts = await Promise.all(members.map(async (one) => await scene().context(one)));
    for (const context of contexts)
      await scene().write(async (db) => await release(db, context, [victim, ...seen].map(itemOf)));
    let tries = 0;
    const releases = contexts.flatMap((context) =>
      Array.from({ length: 6 }, (_, n) => {
        const data = observed(...(n % 2 === 0 ? seen : seen.toReversed()), victim);
        return [
          context,
          shuffled([data, sighting(data), calls(victim), note(`gadwall ${value}`)], chance),
        ] as const;
      }),
    );
    const { platform, realm } = scene().inside;
    await Promise.all(
      releases.map(async ([context, objects]) =>
        releasing(platform, realm, async (db) => {
          tries += 1;
          return await release(db, context, objects.map(itemOf));
        }),
      ),
    );
    expect(tries).toBe(releases.length);
    expect(await live([victim.id])).toEqual(Array(members.length).fill(victim.id));
    await scene().settled();
    for (const { value: one } of [victim, ...seen]) expect(await sees("MY", String(one))).toBe(false);
    expect(await sees("MY", "gadwall [ip address removed]")).toBe(true);
  });
});
