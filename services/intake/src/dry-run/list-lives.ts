import type { DryRun } from "@suar/contract";
import { seedLifecycle } from "@suar/runtime";
import { describeLife, type StixObject } from "@suar/stix";

/** Read once, where the process begins: a file that does not fit stops it. */
const lifecycle = seedLifecycle();
const MOST_TOLD = 50;

/** How sure each indicator is, and until when it would be good: as if it were released at this moment, and nobody saw it yet. */
export function listLives(objects: readonly StixObject[], now: number): DryRun["lives"] {
  return objects
    .filter(({ type }) => type === "indicator")
    .slice(0, MOST_TOLD)
    .map((object) => {
      const facts = { object, producer: 0, at: now, reader: 0, sightings: [] };
      return { object: object.id, ...describeLife(facts, lifecycle, now) };
    });
}
