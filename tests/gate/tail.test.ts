import { type Entry, shareTail, type Tail } from "@suar/log";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

let scene: GateScene;
let tail: Tail;
let wanted = false;
const moves: number[] = [];

beforeAll(async () => {
  scene = await openGateScene();
  const { platform, realm } = scene.inside;
  tail = await shareTail(realm, platform);
  tail.onMove(
    (entries) => moves.push(entries.length),
    () => wanted,
  );
});

afterAll(async () => {
  await tail?.stop();
  await scene?.close();
});

/** One release by SG, until the tail knows of it; its number in the log. */
async function released(name: string): Promise<number> {
  const before = tail.head.seq;
  const object = thing("malware", { name, is_family: true });
  await scene.state(await scene.context("SG"), item(object));
  await expect.poll(() => tail.head.seq).toBeGreaterThan(before);
  const { rows } = await scene.owner.query("SELECT seq FROM live.log_head");
  await expect.poll(() => tail.head.seq).toBe(Number(rows[0].seq));
  return tail.head.seq;
}

const NAME = (entry: { body: string } | undefined) => entry && JSON.parse(entry.body).name;

test("what nobody wants is counted and not read, and whoever comes later reads it in the log", async () => {
  const first = await released("unwanted");
  expect(moves.length).toBeGreaterThan(0);
  expect(moves.every((pushed) => pushed === 0)).toBe(true);
  expect(tail.ring.get(first)).toBeUndefined();
  expect(tail.ring.oldest).toBe(first + 1);

  wanted = true;
  const second = await released("wanted");
  expect(NAME(tail.ring.get(second))).toBe("wanted");
  expect(tail.ring.get(first)).toBeUndefined();
  const reader = { organisationId: (await scene.context("SG")).producer.id };
  const page = await tail.page({ after: first - 1, limit: 1, reader, matches: () => true });
  expect(page.entries.map(NAME)).toEqual(["unwanted"]);

  wanted = false;
  const third = await released("unwanted again");
  expect([first, second, third].map((seq) => tail.ring.get(seq))).toEqual([undefined, undefined, undefined]);
});

test("an end comes to what is held, also where the copy goes to more in the same moment", async () => {
  wanted = true;
  const object = thing("tool", { name: "ending", description: "Ask maria.tan@bank.example about it" });
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  const state = async (to: string, more = {}) =>
    await scene.state(await scene.context("SG"), item(object, { tlp: "amber", to: [to], ...more }));
  await state("MY");
  const { id: reader } = (await scene.context("MY")).producer;
  const isMys = ({ audience, body }: Entry) => audience.has(reader) && JSON.parse(body).name === "ending";
  const held = () => heldBy(tail).filter(isMys);
  await expect.poll(held).toHaveLength(1);
  // It is a copy, which more have then.
  expect(held()[0]?.stixId).not.toBe(object.id);
  await state("TH", { limits: { expires } });
  await expect.poll(() => held().map(({ endsAt }) => endsAt)).toEqual([Date.parse(expires)]);
});

function heldBy({ ring }: Tail): Entry[] {
  const seqs = Array.from({ length: ring.head - ring.oldest + 1 }, (_, n) => ring.oldest + n);
  return seqs.flatMap((seq) => ring.get(seq) ?? []);
}
