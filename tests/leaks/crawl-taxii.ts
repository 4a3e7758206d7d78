import { type Answer, caller } from "../support/api.ts";
import type { Reader } from "./readers.ts";
import type { Things } from "./things.ts";

const TAXII = "application/taxii+json;version=2.1";
const HEADERS = { accept: TAXII };
const MOST_PAGES = 200;

/** What came back, and from where; `foreign`: it belongs to one organisation alone, which is another. */
type TaxiiSeen = { where: string; answer: Answer; foreign: boolean };

/** Every address of TAXII: what a client finds by itself, and what it could guess. */
export async function* crawlTaxii(reader: Reader, things: Things): AsyncGenerator<TaxiiSeen> {
  const discovery = await seen(reader, "/taxii2/");
  yield discovery;
  const own: readonly string[] = discovery.answer.body?.api_roots ?? [];
  for (const root of own) yield* crawlRoot(reader, root, things);
  for (const { id } of things.realm) {
    const root = `/taxii2/${id}/`;
    if (own.includes(root)) continue;
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
}

async function* crawlRoot(reader: Reader, root: string, things: Things): AsyncGenerator<TaxiiSeen> {
  yield await seen(reader, root);
  const collections = await seen(reader, `${root}collections/`);
  yield collections;
  for (const { id } of collections.answer.body?.collections ?? []) {
    yield await seen(reader, `${root}collections/${id}/`);
    yield* pagesOf(reader, `${root}collections/${id}/manifest/?limit=300`);
    yield* pagesOf(reader, `${root}collections/${id}/objects/?match[version]=all`);
  }
  // By id for one of an organisation's roles, since TAXII tells them all the same.
  for (const { id, organisation } of reader.role === "analyst" ? things.object : []) {
    const path = `${root}collections/all/objects/${id}/`;
    yield await seen(reader, path);
    yield await seen(reader, `${path}versions/`);
    if (reader.party?.code !== organisation) yield await removal(reader, path); // its own it may withdraw
  }
  for (const { id, organisation } of things.submission)
    yield { ...(await seen(reader, `${root}status/${id}/`)), foreign: reader.party?.code !== organisation };
}

async function removal({ api }: Reader, path: string): Promise<TaxiiSeen> {
  const answer = await api.send("DELETE", path, undefined, HEADERS);
  return { where: `DELETE ${path}`, answer, foreign: true };
}

/** All that a caller may read, as TAXII shows it: every version. */
export async function taxiiText(url: string, { key, realm }: Reader & { key: string }): Promise<string> {
  const api = caller(url, key);
  const discovery = await api.get("/taxii2/", HEADERS);
  const [root] = discovery.body.api_roots;
  if (realm === "live" && root !== "/taxii2/live/") throw new Error(`${root} is another realm`);
  let text = "";
  for await (const { answer } of pagesOf({ api }, `${root}collections/all/objects/?match[version]=all`))
    text += answer.text;
  return text;
}

async function* pagesOf(reader: Pick<Reader, "api">, path: string): AsyncGenerator<TaxiiSeen> {
  for (let next: string | undefined, pages = 0; pages < MOST_PAGES; pages++) {
    const page = await seen(reader, next === undefined ? path : `${path}&next=${encodeURIComponent(next)}`);
    yield page;
    next = page.answer.body?.more === true ? page.answer.body.next : undefined;
    if (next === undefined) return;
  }
  throw new Error(`${path} has no end`);
}

async function seen({ api }: Pick<Reader, "api">, path: string): Promise<TaxiiSeen> {
  return { where: `GET ${path}`, answer: await api.get(path, HEADERS), foreign: false };
}
