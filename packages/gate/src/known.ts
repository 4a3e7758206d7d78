import type { Queryable } from "@suar/runtime";
import { type EndReaders, endsOf, readEnds } from "./ends.ts";
import type { KnownVersion } from "./judge.ts";
import type { ReleaseItem } from "./release-item.ts";
import { selectVersions } from "./store/version.ts";

/** What a batch is judged against: the producer's own versions, and who may know of its relationships' ends. */
export type Known = { versions: ReadonlyMap<string, KnownVersion[]>; ends: EndReaders };

export async function readKnown(
  db: Queryable,
  producer: number,
  items: readonly ReleaseItem[],
): Promise<Known> {
  const ids = [...new Set(items.map((item) => item.object.id))];
  const versions = await selectVersions(db, producer, ids);
  const ends = await readEnds(
    db,
    producer,
    items.flatMap(({ object }) => endsOf(object)),
  );
  return { versions, ends };
}

/** Whether nothing that a judgement rests on has changed. */
export function isSame(a: Known, b: Known): boolean {
  const sameSize = a.versions.size === b.versions.size && a.ends.size === b.ends.size;
  return sameSize && fingerprint(a) === fingerprint(b);
}

function fingerprint({ versions, ends }: Known): string {
  const rows = [...versions.values()]
    .flat()
    .map(({ stix_id, version, audience_id, withdrawn_at, kept_over }) => {
      return [stix_id, version, audience_id, withdrawn_at === null, kept_over?.length ?? 0].join(" ");
    });
  const readers = [...ends].map(([id, end]) => `${id} ${end.own} ${end.readers.join()}`);
  return [...rows.sort(), ...readers.sort()].join("\n");
}
