import type { Queryable } from "@suar/runtime";
import type { ReleaseContext, ReleaseItem } from "../context/release-item.ts";
import { readSights, type Sight } from "../copies/sights.ts";
import { readIndividuals } from "../store/individuals.ts";
import { hasMore, selectVersions, selectVersionsLike } from "../store/version.ts";
import { Gathered } from "../victims/gathered.ts";
import { readVictims, type SaidVictims } from "../victims/said-victims.ts";
import { type KnownVersion, nameOf } from "./judge.ts";
import type { Names } from "./names.ts";

/** What a batch is judged against: the producer's own versions, and who may know of what the objects name. */
export type Known = {
  versions: ReadonlyMap<string, KnownVersion[]>;
  sights: ReadonlyMap<string, Sight>;
  /** Of how many people its jurisdiction told each other one this year. */
  individuals: ReadonlyMap<string, number>;
  victims: SaidVictims;
};

export async function readKnown(
  db: Queryable,
  context: Pick<
    ReleaseContext,
    "producer" | "organisations" | "policies" | "gate" | "now" | "writes" | "victims"
  >,
  items: readonly ReleaseItem[],
  names: Names,
): Promise<Known> {
  const ids = new Set(items.map((item) => item.object.id));
  const versions = await selectVersions(db, context.producer.id, [...ids]);
  await addNamed(db, context.producer.id, versions, items);
  const sights = await readSights(db, context, [...names.all]);
  const individuals = await readIndividuals(db, context);
  const victims = await readVictims(db, context.producer.id, Gathered.in(items), context.victims);
  return { versions, sights, individuals, victims };
}

/** Where an id has very many versions, those that the items could be. */
async function addNamed(
  db: Queryable,
  producer: number,
  versions: Map<string, KnownVersion[]>,
  items: readonly ReleaseItem[],
): Promise<void> {
  const asked = items.filter(({ object }) => versions.get(object.id)?.some(hasMore));
  if (asked.length === 0) return;
  const names = asked.map(nameOf);
  const found = await selectVersionsLike(db, producer, {
    ids: [...new Set(asked.map(({ object }) => object.id))],
    versions: names.map(({ version }) => version),
    hashes: names.map(({ hash }) => hash),
  });
  for (const row of found) versions.get(row.stix_id)?.push(row);
}

/** Whether nothing that a judgement rests on has changed. */
export function isSame(a: Known, b: Known): boolean {
  const sameSize = a.versions.size === b.versions.size && a.sights.size === b.sights.size;
  return sameSize && fingerprint(a) === fingerprint(b);
}

function fingerprint({ versions, sights, individuals, victims }: Known): string {
  const rows = [...versions.values()].flat().map((row) => {
    const { stix_id, version, audience_id, withdrawn_at, keptOver, redactions, named, community } = row;
    const copies = redactions.map((one) => `${one.rendition_id}:${one.audience_id}`).sort();
    const { is_victims: isVictims, marked, limits } = row;
    const addressed = [named?.join(), community, isVictims, marked?.revision, JSON.stringify(limits)];
    return [stix_id, version, audience_id, withdrawn_at === null, keptOver.size, copies, addressed].join(" ");
  });
  const seen = [...sights].map(([id, { own, copies }]) => {
    return [id, own, ...copies.map((copy) => `${copy.id}:${copy.readers.join()}`)].join(" ");
  });
  const counted = [...individuals].map(([importer, count]) => `${importer} ${count}`);
  return [...rows.sort(), ...seen.sort(), ...counted, victims.fingerprint].join("\n");
}
