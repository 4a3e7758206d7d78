import { hash } from "node:crypto";
import type { MispAttribute, MispEvent } from "./misp-shape.ts";
import type { PlannedEvent } from "./plan-events.ts";
import { headOf } from "./write-event.ts";

/** The files of a feed (MISP's feed format): which events there are, values by their digests, and one event. */
export type FeedFile = { is: "manifest" } | { is: "hashes" } | { is: "event"; uuid: string };

const EVENT = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.json$/;

export function feedFileOf(name: string): FeedFile | undefined {
  if (name === "manifest.json") return { is: "manifest" };
  if (name === "hashes.csv") return { is: "hashes" };
  const uuid = EVENT.exec(name)?.[1];
  return uuid === undefined ? undefined : { is: "event", uuid };
}

/** One event's entry in `manifest.json`. */
export function manifestEntry(planned: PlannedEvent, exercise: string | undefined): string {
  return `${JSON.stringify(planned.uuid)}:${JSON.stringify(headOf(planned, { exercise }))}`;
}

/** Composite values stand in a MISP's cache by each half. */
export function hashLines({ uuid, Attribute, Object: objects }: MispEvent): string {
  const all = [...Attribute, ...objects.flatMap((object) => object.Attribute)];
  const values = all.filter(({ deleted }) => !deleted).flatMap(halvesOf);
  return [...new Set(values)].map((value) => `${hash("md5", value, "hex")},${uuid}\n`).join("");
}

function halvesOf({ type, value }: MispAttribute): string[] {
  return type.includes("|") ? value.split("|", 2) : [value];
}
