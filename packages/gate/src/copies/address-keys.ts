import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { internAudience } from "../store/audience.ts";
import type { NewRendition } from "../store/release.ts";
import type { Placed } from "./place-copies.ts";
import { type Readers, union } from "./sights.ts";

/**
 * A row of keys that stands for several copies is for the readers of all of them, and of no other: whoever may not have a
 * value does not come by its row. Of the sends of a batch the same ones come together again and again: only for others is
 * there anything to wait for.
 */
export function keyAddresser(
  db: Queryable,
  { gate }: ReleaseContext,
): (renditions: readonly NewRendition[], placed: readonly Placed[]) => Promise<void> | undefined {
  const known = new Map<string, number>();
  const intern = async (run: readonly Placed[], name: string): Promise<number> => {
    const readers = run.reduce<Readers>((all, { copy }) => union(all, copy.readers), []);
    const audience = await internAudience(db, gate, readers);
    known.set(name, audience);
    return audience;
  };
  const addressLater = async (rows: readonly Shared[], placed: readonly Placed[]): Promise<void> => {
    for (const { row, first } of rows) {
      const name = nameOf(placed, first, row.also);
      row.audienceId = known.get(name) ?? (await intern(runOf(placed, first, row.also), name));
    }
  };
  return (renditions, placed) => {
    const unknown: Shared[] = [];
    for (const { id: first, keys } of renditions)
      for (const row of keys) {
        if (row.also === 0) continue;
        const audience = known.get(nameOf(placed, first, row.also));
        if (audience === undefined) unknown.push({ row, first });
        else row.audienceId = audience;
      }
    return unknown.length === 0 ? undefined : addressLater(unknown, placed);
  };
}

/** A row of keys that several copies share, and the first of these. */
type Shared = { row: NewRendition["keys"][number]; first: number };

function isIn({ renditionId }: Placed, first: number, also: number): boolean {
  return renditionId >= first && renditionId <= first + also;
}

function runOf(placed: readonly Placed[], first: number, also: number): Placed[] {
  return placed.filter((one) => isIn(one, first, also));
}

function nameOf(placed: readonly Placed[], first: number, also: number): string {
  let name = "";
  for (const one of placed) if (isIn(one, first, also)) name += `${one.audienceId},`;
  return name;
}
