import type { Queryable } from "@suar/runtime";
import type { KnownVersion } from "./judge.ts";
import type { Names } from "./names.ts";
import type { JudgeContext, ReleaseItem } from "./release-item.ts";
import { readSights, type Sight } from "./sights.ts";
import { selectVersions } from "./store/version.ts";

/** What a batch is judged against: the producer's own versions, and who may know of what the objects name. */
export type Known = {
  versions: ReadonlyMap<string, KnownVersion[]>;
  sights: ReadonlyMap<string, Sight>;
};

export async function readKnown(
  db: Queryable,
  context: Pick<JudgeContext, "producer" | "organisations">,
  items: readonly ReleaseItem[],
  names: Names,
): Promise<Known> {
  const ids = new Set(items.map((item) => item.object.id));
  const versions = await selectVersions(db, context.producer.id, [...ids]);
  return { versions, sights: await readSights(db, context, [...names.all]) };
}

/** Whether nothing that a judgement rests on has changed. */
export function isSame(a: Known, b: Known): boolean {
  const sameSize = a.versions.size === b.versions.size && a.sights.size === b.sights.size;
  return sameSize && fingerprint(a) === fingerprint(b);
}

function fingerprint({ versions, sights }: Known): string {
  const rows = [...versions.values()].flat().map((row) => {
    const { stix_id, version, audience_id, withdrawn_at, kept_over, redactions } = row;
    const copies = redactions.map((one) => `${one.rendition_id}:${one.audience_id}`).sort();
    return [stix_id, version, audience_id, withdrawn_at === null, kept_over?.length ?? 0, copies].join(" ");
  });
  const seen = [...sights].map(([id, { own, copies }]) => {
    return [id, own, ...copies.map((copy) => `${copy.id}:${copy.readers.join()}`)].join(" ");
  });
  return [...rows.sort(), ...seen.sort()].join("\n");
}
