import { planVictims, type ReleaseContext, release } from "@suar/gate";
import { keysOf, type StixObject } from "@suar/stix";
import { afterAll, beforeAll } from "vitest";
import { seededChance } from "../support/seeded-random.ts";
import { type GateScene, item, openGateScene, thing } from "./gate-scene.ts";

/* What submissions that tell of victims are made of. */

const MALWARE = "malware--00000000-0000-4000-8000-999999999999";
let many = 0;

/** One scene for all tests of a file, and the chance that they draw by. */
export function victimsFile(): { scene(): GateScene; chance: ReturnType<typeof seededChance> } {
  let opened: GateScene | undefined;
  beforeAll(async () => {
    opened = await openGateScene();
  }, 180_000);
  afterAll(async () => await opened?.close());
  const scene = (): GateScene => {
    if (opened === undefined) throw new Error("the scene is opened before the tests");
    return opened;
  };
  return { scene, chance: seededChance() };
}

/** Another one each time: what was said of one holds for the whole file. */
export const freshAddress = (): string => {
  many += 1;
  return `198.51.${100 + Math.floor(many / 250)}.${1 + (many % 250)}`;
};
export const address = (value: string): StixObject => thing("ipv4-addr", { value });
export const calls = (victim: StixObject): StixObject =>
  thing("relationship", { relationship_type: "targets", source_ref: MALWARE, target_ref: victim.id });
export const beacons = (to: StixObject): StixObject =>
  thing("relationship", { relationship_type: "communicates-with", source_ref: MALWARE, target_ref: to.id });
const tie = (kind: string, from: StixObject, to: StixObject): StixObject =>
  thing("relationship", { relationship_type: kind, source_ref: from.id, target_ref: to.id });
export const infrastructure = (name: string): StixObject => thing("infrastructure", { name });
export const domain = (value: string): StixObject => thing("domain-name", { value });
export const consists = (whole: StixObject, part: StixObject): StixObject => tie("consists-of", whole, part);
export const resolves = (name: StixObject, to: StixObject): StixObject => tie("resolves-to", name, to);
export const communicates = (from: StixObject, to: StixObject): StixObject =>
  tie("communicates-with", from, to);
export const uses = (what: StixObject): StixObject =>
  thing("relationship", { relationship_type: "uses", source_ref: MALWARE, target_ref: what.id });
export const note = (content: string, ...about: StixObject[]): StixObject =>
  thing("note", { content, object_refs: [MALWARE, ...about.map(({ id }) => id)] });
export const indicator = (value: string): StixObject =>
  thing("indicator", {
    pattern: `[ipv4-addr:value = '${value}']`,
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
  });
export const looksFor = ({ value }: StixObject): StixObject =>
  thing("indicator", {
    pattern: `[domain-name:value = '${value}']`,
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
  });
export const observed = (...parts: StixObject[]): StixObject =>
  thing("observed-data", {
    first_observed: "2026-01-01T00:00:00Z",
    last_observed: "2026-01-01T00:00:00Z",
    number_observed: 1,
    object_refs: parts.map(({ id }) => id),
  });
export const traffic = (from: StixObject, to: StixObject): StixObject => ({
  type: "network-traffic",
  spec_version: "2.1",
  id: `network-traffic--00000000-0000-4000-9000-${String(++many).padStart(12, "0")}`,
  src_ref: from.id,
  dst_ref: to.id,
  protocols: ["tcp"],
});
export const sighting = (...seen: StixObject[]): StixObject =>
  thing("sighting", { sighting_of_ref: MALWARE, observed_data_refs: seen.map(({ id }) => id) });

export const itemOf = (object: StixObject) => item(object, { keys: keysOf(object) });

export function shuffled<T>(items: readonly T[], chance: ReturnType<typeof seededChance>): T[] {
  return items
    .map((one) => ({ one, at: chance.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

/** What tells of victims through the gate, and what members see of it. */
export function victimsOf(scene: GateScene) {
  const states = async (context: ReleaseContext, ...objects: StixObject[]) =>
    await scene.state(context, ...objects.map(itemOf));
  /** A submission, released as the intake does it: its victims are planned over all of it, then a batch a transaction. */
  const submits = async (of: ReleaseContext, objects: readonly StixObject[], size: number) => {
    const context = { ...of, submissionId: crypto.randomUUID() };
    const victims = await planVictims(scene.inside.realm.write, context, [objects.map(itemOf)]);
    for (let from = 0; from < objects.length; from += size) {
      const some = objects.slice(from, from + size).map(itemOf);
      await scene.write(async (db) => await release(db, { ...context, victims }, some));
    }
  };
  /** Everything that a member can read in the log just now. */
  const readBy = async (member: string): Promise<StixObject[]> => {
    const all: StixObject[] = [];
    for (let after = "0"; ; ) {
      const { body } = await scene.as(member).get(`/v1/log?after=${after}&limit=500`);
      for (const one of body.items) if (one.kind !== "withdrawn") all.push(one.object);
      if (body.next === after) return all;
      after = body.next;
    }
  };
  const sees = async (member: string, text: string): Promise<boolean> =>
    JSON.stringify(await readBy(member)).includes(text);
  /** Names that are victims' by now, of these. */
  const live = async (names: readonly string[]): Promise<string[]> => {
    const { rows } = await scene.owner.query(
      "SELECT name FROM live.victim WHERE live AND name = ANY($1) ORDER BY name",
      [names],
    );
    return rows.map(({ name }) => name);
  };
  return { states, submits, readBy, sees, live };
}
