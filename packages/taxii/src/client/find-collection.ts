import { z } from "zod";
import { type Connection, withSlash } from "./connection.ts";
import { shown, TaxiiFault } from "./taxii-fault.ts";

/** §5.2.1, as far as a client needs it. */
const ServerCollection = z.looseObject({
  id: z.string().min(1),
  title: z.string().default(""),
  alias: z.string().optional().catch(undefined),
  can_read: z.boolean().default(true),
});

/** A collection that can be pulled from. `url` ends with a slash. */
export type FoundCollection = { url: URL; id: string; title: string; alias?: string | undefined };
type Listed = FoundCollection & { canRead: boolean };

/** What an address is: its resources tell themselves apart by what they hold. */
type Place =
  | { kind: "discovery"; url: URL; roots: URL[] }
  | { kind: "root"; url: URL }
  | { kind: "collections"; url: URL; value: unknown }
  | { kind: "collection"; url: URL; value: unknown };

/** §4.1 */
const DISCOVERY_PATH = "/taxii2/";
const MOST_ROOTS = 50;

/**
 * Finds the collection to pull from, wherever the address leads: a bare host, a server's discovery (§4.1), an API
 * root (§4.2), its collections (§5.1) or one of them. `wanted` is an id, an alias or a title; without it there has to
 * be one collection only. Throws a TaxiiFault: `not-found` with the names of those that there are.
 */
export async function findCollection(connection: Connection, wanted?: string): Promise<FoundCollection> {
  const place = await locate(connection);
  if (place.kind === "collection") return checked(place.value, place.url);
  const listed: Listed[] = [];
  for await (const some of listsAt(connection, place)) {
    const found = wanted === undefined ? undefined : choose(some, wanted);
    if (found !== undefined) return readable(found);
    listed.push(...some);
  }
  const open = listed.filter(({ canRead }) => canRead);
  if (wanted === undefined && open.length === 1 && open[0] !== undefined) return readable(open[0]);
  throw new TaxiiFault("not-found", nameThem(listed, wanted));
}

/** Collections of one API root after the other: the default root first, and others only where they are needed. */
async function* listsAt(connection: Connection, place: Exclude<Place, { kind: "collection" }>) {
  if (place.kind === "collections") yield listOf(place.value, place.url);
  else {
    const roots = place.kind === "root" ? [place.url] : place.roots;
    let failed: TaxiiFault | undefined;
    let answered = 0;
    for (const root of roots.slice(0, MOST_ROOTS)) {
      const url = new URL("collections/", root);
      try {
        const listed = listOf(await connection.json(url), url);
        answered += 1;
        yield listed;
      } catch (error) {
        // One root's trouble is not another's: a server may name roots that these credentials have no part in.
        if (!(error instanceof TaxiiFault)) throw error;
        failed ??= error;
      }
    }
    if (answered === 0 && failed !== undefined) throw failed;
    if (roots.length === 0)
      throw new TaxiiFault("not-found", "The server names no API root that these credentials may know of");
  }
}

async function locate(connection: Connection): Promise<Place> {
  const { url } = connection;
  const below = new URL(`.${DISCOVERY_PATH}`, url);
  const candidates = url.pathname === "/" ? [below, url] : [url];
  if (url.pathname !== "/" && !url.pathname.endsWith(DISCOVERY_PATH)) candidates.push(below);
  let failed: TaxiiFault | undefined;
  for (const candidate of candidates) {
    try {
      const value = await connection.json(candidate);
      const place = placeOf(value, candidate);
      if (place !== undefined) return place;
      failed ??= new TaxiiFault(
        "not-taxii",
        `${candidate.href} answers JSON that is none of TAXII 2.1's resources`,
      );
    } catch (error) {
      if (!(error instanceof TaxiiFault) || !ELSEWHERE.has(error.code)) throw error;
      failed ??= error;
    }
  }
  throw failed ?? new TaxiiFault("not-taxii", `There is no TAXII 2.1 server at ${url.href}`);
}

/** After these the next address is tried. */
const ELSEWHERE = new Set(["not-found", "not-taxii", "bad-json", "refused"]);

function placeOf(value: unknown, url: URL): Place | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { api_roots: roots, collections, versions, title, id } = value as Record<string, unknown>;
  if (Array.isArray(collections)) return { kind: "collections", url, value };
  if (Array.isArray(roots)) return { kind: "discovery", url, roots: rootsOf(value as Discovery, url) };
  if (Array.isArray(versions)) return { kind: "root", url };
  if ("can_read" in value && typeof id === "string") return { kind: "collection", url, value };
  // §4.1: a caller who may know of no root is told the title alone.
  return typeof title === "string" ? { kind: "discovery", url, roots: rootsOf(value, url) } : undefined;
}

type Discovery = { default?: unknown; api_roots?: unknown };

/** Relative ones are paths at the server's root (§4.1.1); the default one comes first. */
function rootsOf({ default: first, api_roots: others }: Discovery, url: URL): URL[] {
  const named = [first, ...(Array.isArray(others) ? others : [])];
  const roots = new Map<string, URL>();
  for (const one of named) {
    if (typeof one !== "string" || !URL.canParse(one, url.href)) continue;
    const root = withSlash(new URL(one, url));
    roots.set(root.href, root);
  }
  return [...roots.values()];
}

function listOf(value: unknown, url: URL): Listed[] {
  const { collections } = (value ?? {}) as { collections?: unknown };
  if (collections === undefined) return []; // §5.1: none is an empty object
  if (!Array.isArray(collections)) throw new TaxiiFault("not-taxii", `${url.href} lists no collections`);
  return collections.flatMap((one) => {
    const parsed = ServerCollection.safeParse(one);
    return parsed.success
      ? [listedAt(parsed.data, new URL(`${encodeURIComponent(parsed.data.id)}/`, url))]
      : [];
  });
}

function listedAt(
  { id, title, alias, can_read: canRead }: z.infer<typeof ServerCollection>,
  url: URL,
): Listed {
  return { url, id, title, alias, canRead };
}

function checked(value: unknown, url: URL): FoundCollection {
  const parsed = ServerCollection.safeParse(value);
  if (!parsed.success) throw new TaxiiFault("not-taxii", `${url.href} is no collection of TAXII 2.1`);
  return readable(listedAt(parsed.data, url));
}

/** An id is an id in either case; of titles, which need not differ, one has to. */
function choose(listed: readonly Listed[], wanted: string): Listed | undefined {
  const lower = wanted.toLowerCase();
  const byId =
    listed.find(({ id }) => id.toLowerCase() === lower) ?? listed.find(({ alias }) => alias === wanted);
  if (byId !== undefined) return byId;
  const titled = listed.filter(({ title }) => title.toLowerCase() === lower);
  if (titled.length > 1)
    throw new TaxiiFault("not-found", `Several collections are titled ${shown(wanted)}: name one by its id`);
  return titled[0];
}

function readable({ canRead, ...found }: Listed): FoundCollection {
  if (canRead) return found;
  throw new TaxiiFault(
    "forbidden",
    `These credentials may not read the collection ${shown(found.title || found.id)}`,
  );
}

const MOST_NAMED = 30;

function nameThem(listed: readonly Listed[], wanted: string | undefined): string {
  if (listed.length === 0) return "The server shows these credentials no collection";
  const names = listed
    .slice(0, MOST_NAMED)
    .map(({ id, title, alias }) => `${shown(alias ?? id)} (${shown(title)})`);
  const rest = listed.length > MOST_NAMED ? `, and ${listed.length - MOST_NAMED} more` : "";
  const asked =
    wanted === undefined ? "Name one of the collections" : `There is no collection ${shown(wanted)}`;
  return `${asked}; there are: ${names.join(", ")}${rest}`;
}
