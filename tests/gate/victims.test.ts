import {
  explain,
  judgeRelease,
  type PendingRow,
  previewPending,
  type ReleaseContext,
  recall,
  reevaluate,
} from "@suar/gate";
import { keysOf, type StixObject } from "@suar/stix";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedOf, type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

/* What one submission calls a victim's is one in the others, whichever came first. */

let scene: GateScene;
beforeAll(async () => {
  scene = await openGateScene();
});
afterAll(async () => await scene?.close());

let many = 0;
/** Another address each time: what was said of one holds for the whole file. */
const fresh = () => `198.51.100.${++many}`;
const address = (value: string) => thing("ipv4-addr", { value });
const calls = (victim: StixObject) =>
  thing("relationship", {
    relationship_type: "targets",
    source_ref: "malware--00000000-0000-4000-8000-999999999999",
    target_ref: victim.id,
  });
const note = (content: string) =>
  thing("note", { content, object_refs: ["malware--00000000-0000-4000-8000-999999999999"] });
const indicator = (value: string) =>
  thing("indicator", {
    pattern: `[ipv4-addr:value = '${value}']`,
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
  });
const observed = (...parts: StixObject[]) =>
  thing("observed-data", {
    first_observed: "2026-01-01T00:00:00Z",
    last_observed: "2026-01-01T00:00:00Z",
    number_observed: 1,
    object_refs: parts.map(({ id }) => id),
  });
const traffic = (from: StixObject, to: StixObject) => ({
  type: "network-traffic",
  spec_version: "2.1",
  id: `network-traffic--00000000-0000-4000-9000-${String(++many).padStart(12, "0")}`,
  src_ref: from.id,
  dst_ref: to.id,
  protocols: ["tcp"],
});
const sighting = (seen: StixObject) =>
  thing("sighting", {
    sighting_of_ref: "malware--00000000-0000-4000-8000-999999999999",
    observed_data_refs: [seen.id],
  });

const states = async (context: ReleaseContext, ...objects: StixObject[]) =>
  await scene.state(context, ...objects.map((object) => item(object, { keys: keysOf(object) })));
/** Everything that a member can read in the log just now. */
const readBy = async (member: string) => {
  const { body } = await scene.as(member).get("/v1/log?after=0&limit=500");
  return body.items.filter((one: any) => one.kind !== "withdrawn").map((one: any) => one.object);
};
const sees = async (member: string, value: string) => JSON.stringify(await readBy(member)).includes(value);
const takeBack = async (context: ReleaseContext, stixId: string) =>
  await scene.write(async (db) => await recall(db, context, { stixId, dueInMs: 60_000 }));
const again = async (context: ReleaseContext, ...stixIds: string[]) =>
  await scene.write(async (db) => await reevaluate(db, context, { stixIds }));

/** A seeded order, so that a failure can be run again. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const weight = (index: number): number => Math.sin(seed * 97 + index * 13) % 1;
  return items
    .map((one, index) => ({ one, at: weight(index) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

describe("an address that one submission states and another calls a victim's", () => {
  test("is closed to the others in the moment in which it is called so", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const victim = address(value);
    await states(context, victim);
    expect(await sees("MY", value)).toBe(true);
    await states(context, calls(victim));
    expect(await sees("MY", value)).toBe(false);
    await scene.settled();
    expect(await sees("MY", value)).toBe(false);
    expect(await scene.told("MY", victim.id)).toEqual(["withdrawn"]);
    expect(await sees("SG", value)).toBe(true);
  });

  test("is never seen where it was called so first, under whatever id", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const victim = address(value);
    await states(context, calls(victim));
    await states(context, victim);
    expect(await sees("MY", value)).toBe(false);
    await states(context, address(value), address(`${value}/32`));
    expect(await sees("MY", value)).toBe(false);
  });

  test("is left out of texts, and of what is looked for, whichever came first", async () => {
    const context = await scene.context("SG");
    const [value, other] = [fresh(), fresh()];
    const [early, late] = [note(`pelican ${value} and ${other}`), note(`pelican later, ${value}`)];
    const defanged = note(`pelican ${value.replaceAll(".", "[.]")}`);
    const [looked, url] = [indicator(value), thing("domain-name", { value: "pelican.example" })];
    const victim = address(value);
    await states(context, early, looked, defanged, victim, url);
    expect(await sees("MY", value)).toBe(true);
    await states(context, calls(victim));
    await states(context, late);
    expect(JSON.stringify(await readBy("MY")), "not for a moment").not.toContain(value);
    await scene.settled();
    const seen = await readBy("MY");
    expect(JSON.stringify(seen)).not.toContain(value);
    expect(JSON.stringify(seen)).not.toContain(value.replaceAll(".", "[.]"));
    const contents = seen.map((one: any) => one.content).filter((one: any) => one?.startsWith("pelican"));
    expect(contents.sort()).toEqual([
      "pelican [ip address removed]",
      `pelican [ip address removed] and ${other}`,
      "pelican later, [ip address removed]",
    ]);
    expect(await scene.told("MY", looked.id), "an indicator that looks for it").toEqual(["withdrawn"]);
  });

  test("is what was observed at a victim's, in whatever order its parts are stated", async () => {
    const context = await scene.context("SG");
    const orders = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
    ];
    for (const order of orders) {
      const [mine, theirs] = [fresh(), fresh()];
      const [source, target] = [address(mine), address(theirs)];
      const flow = traffic(source, target);
      const data = observed(flow);
      await states(context, indicator(theirs), target);
      const steps = [source, flow, data, sighting(data)];
      for (const step of order) await states(context, steps[step] as StixObject);
      await states(context, note(`heron ${mine} to ${theirs}`));
      expect(await sees("MY", mine), `${order}`).toBe(false);
      expect(await sees("MY", `${theirs}`), "the attacker's").toBe(true);
      expect(await scene.told("MY", target.id)).toEqual(["released"]);
    }
  });

  test("is left to what says outright that it is the attacker's, where it was only seen there", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const seen = address(value);
    const data = observed(seen);
    await states(context, seen, data);
    await states(context, sighting(data));
    const looked = indicator(value);
    await states(context, looked);
    await scene.settled();
    expect(await scene.told("MY", looked.id)).toEqual(["released"]);
    expect(await scene.told("MY", seen.id)).toEqual(["withdrawn"]);
  });

  test("is another's as before: nobody strips what others say", async () => {
    const value = fresh();
    const [ours, theirs] = [address(value), note(`cormorant ${value}`)];
    await states(await scene.context("TH"), theirs);
    await states(await scene.context("SG"), ours, calls(ours));
    await states(await scene.context("TH"), address(value), calls(address(fresh())));
    const seen = await readBy("MY");
    expect(seen.filter((one: any) => one.value === value)).toHaveLength(1);
    expect(seen.filter((one: any) => one.content === `cormorant ${value}`)).toHaveLength(1);
    expect(seen.map((one: any) => one.id)).not.toContain(ours.id);
  });

  test("stays closed when what said so is taken back; what is stated from then on is judged afresh", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const [victim, early] = [address(value), note(`egret early ${value}`)];
    const said = calls(victim);
    await states(context, victim, early);
    await states(context, said);
    await takeBack(context, said.id);
    await again(context, victim.id, early.id);
    expect(await sees("MY", value), "nothing that is out is revealed").toBe(false);
    await states(context, { ...early, modified: "2026-03-01T00:00:00.000Z" });
    expect(await sees("MY", value), "nor by a newer version of it").toBe(false);
    await states(context, note(`egret late ${value}`));
    expect(await sees("MY", `egret late ${value}`)).toBe(true);
  });

  test("is told to nobody more by anything that is added: each statement leaves what others see, or less", async () => {
    const context = await scene.context("SG");
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const [a, b] = [fresh(), fresh()];
      const [first, second] = [address(a), address(b)];
      const flow = traffic(first, second);
      const data = observed(flow);
      const contents = [first, second, flow, data, note(`avocet ${a} ${b}`), indicator(a), indicator(b)];
      await states(context, ...shuffled(contents, seed));
      const about = async () => {
        // What is released is in the log a moment later.
        await scene.settled();
        return (await Promise.all(["MY", "TH"].map(readBy))).map((all) => {
          const text = JSON.stringify(all);
          return [a, b].map((value) => text.split(`"${value}"`).length + text.split(value).length);
        });
      };
      let before = await about();
      for (const said of shuffled([sighting(data), calls(first), calls(second), calls(data)], seed)) {
        await states(context, said);
        const after = await about();
        for (const [reader, counts] of after.entries())
          for (const [n, count] of counts.entries())
            expect(count, `seed ${seed}`).toBeLessThanOrEqual(before[reader]?.[n] ?? 0);
        before = after;
      }
      expect(
        (await Promise.all(["MY", "TH"].map(readBy))).some((all) => JSON.stringify(all).includes(a)),
      ).toBe(false);
    }
  });
});

describe("who looks, or has something agreed to, goes by the same", () => {
  test("a dry run, an explanation, a pass and an approval know what was called a victim's", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const victim = address(value);
    await states(context, victim, calls(victim));
    const { sends } = await judgeRelease(scene.inside.realm.write, context, [item(note(`dunlin ${value}`))]);
    const texts = sends.flatMap(({ copies }) => copies.map(({ copy }) => copy?.content));
    expect(texts).toEqual(expect.arrayContaining(["dunlin [ip address removed]"]));
    const [line] =
      (
        await explain(scene.inside.realm.write, context, { stixId: victim.id }, context.organisations)
      )?.lines.filter(({ organisation }) => organisation.code === "MY") ?? [];
    expect(line?.state).toBe("not-sent");
    expect(JSON.stringify(line?.now)).toContain("victimIp");
  });

  test("what waits for an approval goes without it, though it was called so after it was asked", async () => {
    const context = await scene.context("SG");
    const value = fresh();
    const victim = address(value);
    const incident = thing("incident", { name: `sanderling ${value}` });
    await scene.state(context, item(incident, { to: ["MY"] }));
    const [asked] = await askedOf(scene, incident.id);
    const previewOf = async (row: PendingRow | undefined) =>
      await previewPending(scene.inside.realm.write, context, row as PendingRow, { member: "SG" });
    const before = await previewOf(asked);
    expect(JSON.stringify(before?.copies)).toContain(value);
    await states(context, calls(victim));
    expect((await askedOf(scene, incident.id)).filter(({ state }) => state === "pending")).toHaveLength(1);
    await states(context, victim);
    await scene.settled();
    const now = (await askedOf(scene, incident.id)).filter(({ state }) => state === "pending");
    expect(now, "it is asked anew, since something else would go").toHaveLength(1);
    const preview = await previewOf(now[0]);
    expect(preview?.isOutdated).toBe(false);
    expect(preview?.copies).not.toEqual([]);
    expect(JSON.stringify(preview?.copies)).not.toContain(value);
  });
});
