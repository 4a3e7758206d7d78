import type { Queryable } from "@suar/runtime";
import { type AssetMarks, assetMarksOf, type StixObject, scoId } from "@suar/stix";
import type { Names } from "../store/entries.ts";
import { type NamedBody, type Naming, selectNamed } from "../store/named-bodies.ts";
import type { Entry, Said } from "./entry.ts";

/** What says something of other objects' values without holding them. */
const NAMING = new Set([
  "relationship",
  "observed-data",
  "network-traffic",
  "email-message",
  "domain-name",
  "ipv4-addr",
  "ipv6-addr",
]);
const ASSET_ID =
  /"((?:software|autonomous-system|domain-name|ipv4-addr|ipv6-addr|url|email-addr)--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"/g;
/** Of one entry: a page has hundreds, and whoever reads live waits for the tail. */
const MOST_NAMED = 50;

/**
 * Entries with what the objects that they name say of assets. A thing that is known already is not released again: that
 * a new vulnerability is in somebody's product, the relationship between them alone tells.
 */
export async function withNamed(
  db: Queryable,
  names: Pick<Names, "audiences">,
  entries: readonly Entry[],
): Promise<Entry[]> {
  const naming = new Map(entries.flatMap((entry) => namesOf(entry)));
  const wanted = new Map<string, Naming>();
  for (const [entry, ids] of naming)
    for (const id of ids) wanted.set(`${entry.producerId} ${id}`, { id, producer: entry.producerId });
  if (wanted.size === 0) return [...entries];
  const bodies = await selectNamed(db, [...wanted.values()]);
  const audiences = await names.audiences(
    db,
    bodies.flatMap((one) => one.audiences),
  );
  const found = new Map<string, Said[]>();
  for (const [of, all] of Map.groupBy(bodies, ({ by, id }) => `${by} ${id}`))
    found.set(of, saidIn(all, audiences));
  return entries.map((entry) => {
    const named = (naming.get(entry) ?? []).flatMap((id) => {
      const said = found.get(`${entry.producerId} ${id}`) ?? [];
      return said.length === 0 ? [] : [said];
    });
    return named.length === 0 ? entry : { ...entry, named };
  });
}

function namesOf(entry: Entry): [Entry, string[]][] {
  if (entry.kind === "withdrawn" || !NAMING.has(entry.stixId.slice(0, entry.stixId.indexOf("--")))) return [];
  const ids = new Set<string>();
  for (const [, id = ""] of entry.body.matchAll(ASSET_ID)) {
    if (id !== entry.stixId) ids.add(id);
    if (ids.size === MOST_NAMED) break;
  }
  return ids.size === 0 ? [] : [[entry, [...ids]]];
}

type Audiences = Awaited<ReturnType<Names["audiences"]>>;

/**
 * What another said under an id of its own choice is its own affair; what an id is made of (STIX §2.9) anybody can work out,
 * and is all that those learn to whom nothing of it was said.
 */
function saidIn(bodies: readonly NamedBody[], audiences: Audiences): Said[] {
  const said: Said[] = [];
  let byId: AssetMarks | undefined;
  for (const { id, by, producer, body, audiences: ids } of bodies) {
    const object = JSON.parse(body) as StixObject;
    const isMadeOf = scoId(object) === id;
    if (producer !== by && !isMadeOf) continue;
    const marks = assetMarksOf(object);
    said.push({ marks, to: new Set(ids.flatMap((one) => [...(audiences.get(one) ?? [])])) });
    // To which systems an address belongs is in no id.
    if (isMadeOf) byId ??= { ...marks, systemIds: [] };
  }
  return byId === undefined ? said : [...said, { marks: byId, to: undefined }];
}
