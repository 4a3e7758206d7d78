import { randomUUID } from "node:crypto";
import { AppError, type SightingReports } from "@suar/contract";
import { EXPIRATION_LABEL, suarId } from "@suar/stix";
import type { z } from "zod";
import type { Sightable } from "./find-sighted.ts";

export type SightingOrder = z.output<typeof SightingReports>["sightings"][number];
export type Sighter = { code: string; kind: "cert" | "agency" };
export type MadeSighting = { id: string; of: Sightable; object: Record<string, unknown> };

/**
 * STIX sightings (§5.2) of what was found for each order. What was not seen has a count of nothing; of an end STIX has no
 * word, so that a label says it. A CERT says that it saw it itself (`where_sighted_refs`); of an agency that is left out, for
 * it would tell at whose it was seen. What is said twice, by an id and by its value, too, is one. Throws `bad-request` for times and counts that contradict themselves.
 */
export function makeSightings(
  orders: readonly SightingOrder[],
  found: readonly (readonly Sightable[])[],
  sighter: Sighter,
  now: string,
): MadeSighting[] {
  const made = new Map<string, MadeSighting>();
  for (const [place, order] of orders.entries()) {
    const said = sayingOf(order, place, sighter, now);
    for (const of of found[place] ?? []) {
      const wording = JSON.stringify([of.id, said]);
      const id = `sighting--${randomUUID()}`;
      if (!made.has(wording)) made.set(wording, { id, of, object: { ...said, id, sighting_of_ref: of.id } });
    }
  }
  return [...made.values()];
}

function sayingOf(
  { type, firstSeen, lastSeen, count, description }: SightingOrder,
  place: number,
  { code, kind }: Sighter,
  now: string,
): Record<string, unknown> {
  if (type !== "positive" && count !== undefined)
    throw new AppError("bad-request", `/sightings/${place}/count: of positive sightings alone`);
  const last = lastSeen ?? latest(firstSeen, now);
  const first = firstSeen ?? last;
  if (Date.parse(first) > Date.parse(last))
    throw new AppError("bad-request", `/sightings/${place}/lastSeen: before firstSeen (STIX 2.1 §5.2)`);
  const identity = suarId("identity", code);
  return {
    type: "sighting",
    spec_version: "2.1",
    created_by_ref: identity,
    created: now,
    modified: now,
    ...(type === "expiration" && { labels: [EXPIRATION_LABEL] }),
    ...(description !== undefined && { description }),
    first_seen: first,
    last_seen: last,
    count: type === "positive" ? (count ?? 1) : 0,
    ...(kind === "cert" && { where_sighted_refs: [identity] }),
  };
}

/** Seen from a moment on that lies ahead, as the end of something that is planned may. */
function latest(first: string | undefined, now: string): string {
  return first !== undefined && Date.parse(first) > Date.parse(now) ? first : now;
}
