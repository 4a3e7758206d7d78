import type { Assertion, IndicatorLife, SightingCounts } from "@suar/contract";
import type { Directory, Queryable } from "@suar/runtime";
import { describeLife, type StixObject } from "@suar/stix";
import type { AssertionRow } from "../store/assertion.ts";
import { lifecycle } from "./lifecycle.ts";
import { countSightings, type ReadSighting, sightingsOf } from "./sightings-of.ts";

type Lived = Assertion & { life?: IndicatorLife; sightings: SightingCounts };
type Shown = { rows: readonly AssertionRow[]; assertions: readonly Assertion[] };

/** Assertions with what was said of them since, and indicators with how long they are good for to their reader. */
export async function withLives(
  db: Queryable,
  directory: Directory,
  reader: number,
  { rows, assertions }: Shown,
): Promise<{ lived: Lived[]; read: ReadonlyMap<string, readonly ReadSighting[]> }> {
  const everybody = (await directory.all()).map(({ id }) => id);
  const read = await sightingsOf(db, [...new Set(assertions.map(({ object }) => object.id))], everybody);
  const now = Date.now();
  const lived = assertions.map(async (assertion, index): Promise<Lived> => {
    const { object, at, withdrawn } = assertion;
    const sightings = read.get(object.id) ?? [];
    const counts = await countSightings(directory, sightings);
    if (object.type !== "indicator" || withdrawn) return { ...assertion, sightings: counts };
    const producer = rows[index]?.producer ?? 0;
    const facts = { object: object as StixObject, producer, at: Date.parse(at), reader, sightings };
    return { ...assertion, life: describeLife(facts, lifecycle, now), sightings: counts };
  });
  return { lived: await Promise.all(lived), read };
}
