import { type Answer, caller } from "../support/api.ts";
import type { Reader } from "./readers.ts";
import { type Seen, seenIn } from "./seen.ts";
import { askShare, type Share, shareOf } from "./shares.ts";
import type { Thing, Things } from "./things.ts";

const TAXII = "application/taxii+json;version=2.1";
const HEADERS = { accept: TAXII };
const MOST_PAGES = 200;
/** Lists of collections that are read to their ends; what the one of everything holds is looked at for every reader. */
const PAGED = 6;

type TaxiiSeen = Seen & { body: Answer["body"] };

/** Every address of TAXII: what a client finds by itself, and what it could guess. */
export async function* crawlTaxii(share: Share, things: Things): AsyncGenerator<TaxiiSeen> {
  const { company } = share;
  for (const reader of company) {
    const discovery = await seen(reader, "/taxii2/");
    yield discovery;
    const own: readonly string[] = discovery.body?.api_roots ?? [];
    for (const root of own) yield* crawlRoot(share, reader, { root, things });
    for (const { id } of things.realm) {
      const root = `/taxii2/${id}/`;
      if (!own.includes(root)) yield* crawlForeignRoot(reader, root, things);
    }
  }
  for (const { id } of things.realm) yield* crawlCollections(share, `/taxii2/${id}/`);
}

async function* crawlForeignRoot(reader: Reader, root: string, things: Things): AsyncGenerator<TaxiiSeen> {
  for (const path of [
    "",
    "collections/",
    "collections/all/",
    "collections/all/objects/",
    "collections/all/manifest/",
  ])
    yield await seen(reader, `${root}${path}`);
  yield await removal(reader, `${root}collections/all/objects/${things.object[0]?.id}/`);
}

async function* crawlRoot(
  share: Share,
  reader: Reader,
  { root, things }: { root: string; things: Things },
): AsyncGenerator<TaxiiSeen> {
  const isFirsts = ({ organisation }: Thing): boolean =>
    share.first.some(({ party }) => party?.code === organisation);
  yield await seen(reader, root);
  yield await seen(reader, `${root}collections/`);
  const objects = shareOf(share, root, things.object, { cannot: isFirsts });
  // By id for one of an organisation's roles, since TAXII tells them all the same.
  for (const { id, organisation } of reader.role === "analyst" ? objects : []) {
    const path = `${root}collections/all/objects/${id}/`;
    yield await seen(reader, path);
    yield await seen(reader, `${path}versions/`);
    if (reader.party?.code !== organisation) yield await removal(reader, path); // its own it may withdraw
  }
  for (const { id, organisation } of shareOf(share, `${root}status/`, things.submission, {
    cannot: isFirsts,
  }))
    yield { ...(await seen(reader, `${root}status/${id}/`)), foreign: reader.party?.code !== organisation };
}

/** All pages of the collections that one of the company finds there, or of its share of them. */
async function* crawlCollections(share: Share, root: string): AsyncGenerator<TaxiiSeen> {
  const { company } = share;
  const found = new Set<string>();
  for (const reader of company) {
    const { body } = await seen(reader, `${root}collections/`);
    for (const { id } of body?.collections ?? []) found.add(id);
  }
  const pages = [...found].flatMap((id) => [
    `collections/${id}/manifest/?limit=300`,
    `collections/${id}/objects/?match[version]=all`,
  ]);
  for (const id of found) for (const reader of company) yield await seen(reader, `${root}collections/${id}/`);
  yield* askShare(
    share,
    root,
    shareOf(share, `${root}pages`, pages, { most: PAGED }).map((path, at) => ({
      at,
      ask: (reader) => pagesOf(reader, `${root}${path}`),
    })),
  );
}

async function removal(reader: Reader, path: string): Promise<TaxiiSeen> {
  const answer = await reader.api.send("DELETE", path, undefined, HEADERS);
  return told(reader, `DELETE ${path}`, answer, { foreign: true, writes: true });
}

/** All that a caller may read, as TAXII shows it: every version. */
export async function taxiiText(url: string, reader: Reader & { key: string }): Promise<string> {
  const api = caller(url, reader.key);
  const { realm } = reader;
  const discovery = await api.get("/taxii2/", HEADERS);
  const [root] = discovery.body.api_roots;
  if (realm === "live" && root !== "/taxii2/live/") throw new Error(`${root} is another realm`);
  let text = "";
  const path = `${root}collections/all/objects/?match[version]=all`;
  for await (const page of pagesOf({ ...reader, api }, path)) text += page.text;
  return text;
}

async function* pagesOf(reader: Reader, path: string): AsyncGenerator<TaxiiSeen> {
  for (let next: string | undefined, pages = 0; pages < MOST_PAGES; pages++) {
    const page = await seen(reader, next === undefined ? path : `${path}&next=${encodeURIComponent(next)}`);
    yield page;
    next = page.body?.more === true ? page.body.next : undefined;
    if (next === undefined) return;
  }
  throw new Error(`${path} has no end`);
}

async function seen(reader: Reader, path: string): Promise<TaxiiSeen> {
  const answer = await reader.api.get(path, HEADERS);
  return told(reader, `GET ${path}`, answer, { foreign: false, writes: false });
}

function told(
  reader: Reader,
  where: string,
  answer: Answer,
  more: { foreign: boolean; writes: boolean },
): TaxiiSeen {
  return { ...seenIn(reader, where, answer, more), body: answer.body };
}
