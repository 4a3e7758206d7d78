import { stricterTlp, type Tlp } from "@suar/stix";

/** How an id stands that a submission names and does not hold; `own` where its producer stated it itself. */
export type StoredMarking = { stix_id: string; tlp: Tlp; own: boolean };

type Container = { id: string; contains: readonly string[] };
type Marked = Pick<ReadonlyMap<string, { tlp?: Tlp | undefined }>, "get">;

/**
 * Of each container, what it holds that its own producer released before under a wider marking than the container's. It
 * does not mark that (ADR 8); whoever states the container is told, and can mark it. What others stated is theirs.
 */
export function widerContents(
  containers: readonly Container[],
  markings: Marked,
  stored: readonly StoredMarking[],
): ReadonlyMap<string, readonly StoredMarking[]> {
  const released = new Map(stored.flatMap((one) => (one.own ? [[one.stix_id, one] as const] : [])));
  const wider = new Map<string, Set<StoredMarking>>();
  for (const { id, contains } of containers) {
    const tlp = markings.get(id)?.tlp;
    if (tlp === undefined) continue;
    for (const name of contains) {
      const one = released.get(name);
      if (one === undefined || stricterTlp(one.tlp, tlp) === one.tlp) continue;
      wider.set(id, (wider.get(id) ?? new Set()).add(one));
    }
  }
  return new Map([...wider].map(([id, found]) => [id, [...found]]));
}

/** A record's reason is read by people: the rest of a long list is counted. */
const MOST_TOLD = 20;

/** What is told with the container's outcome; undefined where there is nothing to tell. */
export function tellWider(
  wider: readonly StoredMarking[] | undefined,
): { code: "contents-wider"; reason: string } | undefined {
  if (wider === undefined) return undefined;
  const told = wider.slice(0, MOST_TOLD).map(({ stix_id, tlp }) => `${stix_id} (${tlp})`);
  const more = wider.length > told.length ? ` and ${wider.length - told.length} more` : "";
  return {
    code: "contents-wider",
    reason: `What it holds and you released before stays under its own, wider marking, unless you mark it (suar marking): ${told.join(", ")}${more}`,
  };
}
