import type { Queryable } from "@suar/runtime";
import type { ReleaseContext } from "../context/release-item.ts";
import { internAudience } from "../store/audience.ts";
import type { NewRendition } from "../store/release.ts";
import type { Placed } from "./place-copies.ts";
import { type Readers, union } from "./sights.ts";

/**
 * A row of keys that stands for several copies is for the readers of all of them, and of no other: whoever may not have a
 * value does not come by its row. Of the sends of a batch the same ones come together again and again.
 */
export function keyAddresser(
  db: Queryable,
  { gate }: ReleaseContext,
): (renditions: Iterable<NewRendition>, placed: readonly Placed[]) => Promise<void> {
  const known = new Map<string, number>();
  const together = async (run: readonly Placed[]): Promise<number> => {
    const name = run.map(({ audienceId }) => audienceId).join();
    const audience =
      known.get(name) ??
      (await internAudience(
        db,
        gate,
        run.reduce<Readers>((all, { copy }) => union(all, copy.readers), []),
      ));
    known.set(name, audience);
    return audience;
  };
  return async (renditions, placed) => {
    for (const { id, keys } of renditions)
      for (const row of keys)
        if (row.also > 0)
          row.audienceId = await together(
            placed.filter(({ renditionId }) => renditionId >= id && renditionId <= id + row.also),
          );
  };
}
