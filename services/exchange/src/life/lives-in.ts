import type { ExportItem } from "@suar/formats";
import type { Queryable } from "@suar/runtime";
import { lifecycle } from "./lifecycle.ts";
import { overByKind } from "./over-by-kind.ts";
import { sightingsOf } from "./sightings-of.ts";

/** Items of a blocklist with how long they are good for to its reader: by what that one may see, and by nothing else. */
export async function livesIn(
  db: Queryable,
  { reader, sayers }: { reader: number; sayers: readonly number[] },
  found: readonly { item: ExportItem; producer: number }[],
): Promise<ExportItem[]> {
  const indicators = found.filter(({ item }) => item.object.type === "indicator");
  const read = await sightingsOf(db, [...new Set(indicators.map(({ item }) => item.object.id))], sayers);
  return found.map(({ item, producer }) => {
    const { object, at } = item;
    if (object.type !== "indicator") return item;
    const facts = { object, producer, at: Date.parse(at), reader, sightings: read.get(object.id) ?? [] };
    return { ...item, isOver: overByKind(facts, lifecycle) };
  });
}
