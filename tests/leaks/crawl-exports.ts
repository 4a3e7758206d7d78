import { ExportFormat } from "@suar/contract";
import { caller } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import { COMMON_WORD } from "./bundles.ts";
import type { Canary } from "./canaries.ts";
import type { Reader } from "./readers.ts";
import { ask, type Seen, seenIn } from "./seen.ts";
import type { Share } from "./shares.ts";
import { expectMade, ownOf, type Sower } from "./sower.ts";
import type { Thing } from "./things.ts";

export const EXPORT = "/v1/export/:format";
export const FEED = "/v1/export/misp/:file";
export const LINKED = "/v1/linked-export/:key";
export const LINKED_FILE = "/v1/linked-export/:key/:file";
/** A key as links have them, that nobody ever had. */
const NO_KEY = `suar_0123456789ab_${"x".repeat(43)}`;

/** What narrows an export, or only asks for it: no look is given up for being asked in another way. */
const ASKED_OTHERWISE = [`text=${COMMON_WORD}`, "tlp=red", "tlp=amber,amber%2Bstrict", "types=indicator"];

const OTHERWISE = ["stix", "csv", "rpz"] as const;
let turn = 0;

/**
 * Every format, for one of each kind of principal; for the likes of it one, as one of a company. What an organisation's
 * bundle holds is looked at for each of its roles.
 */
export async function* crawlExports({ company, asksAll }: Share): AsyncGenerator<Seen> {
  for (const reader of company) {
    const formats = asksAll(reader) ? ExportFormat.options : reader === company[0] ? ["csv" as const] : [];
    for (const format of [...formats, "none"])
      yield await ask(reader, "GET", EXPORT.replace(":format", format), { foreign: false });
    if (asksAll(reader)) yield* askOtherwise(reader, turn++);
  }
}

/** One format each, in turns. */
async function* askOtherwise(reader: Reader, at: number): AsyncGenerator<Seen> {
  const path = EXPORT.replace(":format", OTHERWISE[at % OTHERWISE.length] ?? "");
  for (const query of ASKED_OTHERWISE) yield await ask(reader, "GET", `${path}?${query}`, { foreign: false });
  yield await askWith(reader, "HEAD", path, {});
  yield await askWith(reader, "GET", path, { "if-none-match": "*" });
  yield await askWith(reader, "GET", path, { range: "bytes=0-99" });
}

/** An event that nobody has, and names that are none. */
const NO_FILES = ["00000000-0000-5000-8000-000000000000.json", "manifest.json.bak", "..%2fcsv"];
const EVENTS_ASKED = 12;

/** A feed with its events, for one of each kind of principal; the names of all events that any has are asked for by each. */
export async function* crawlFeeds({ company, asksAll }: Share): AsyncGenerator<Seen> {
  const events = new Set<string>();
  for (const reader of company.filter(asksAll)) {
    const { status, body } = await reader.api.get(FEED.replace(":file", "manifest.json"));
    if (status === 200) for (const uuid of Object.keys(body)) events.add(`${uuid}.json`);
  }
  const some = [...events].filter((_, n) => n % Math.ceil(events.size / EVENTS_ASKED) === 0);
  for (const reader of company) {
    const names = asksAll(reader) ? ["manifest.json", "hashes.csv", ...some, ...NO_FILES] : ["manifest.json"];
    for (const name of names) yield await ask(reader, "GET", FEED.replace(":file", name), { foreign: false });
  }
}

async function askWith(
  reader: Reader,
  method: string,
  path: string,
  headers: Record<string, string>,
): Promise<Seen> {
  const answer = await reader.api.send(method, path, undefined, headers);
  const where = `${method} ${path} ${JSON.stringify(headers)}`;
  return seenIn(reader, where, answer, { foreign: false, writes: false });
}

/** Under no key's name, under that of links that there are, and under the reader's own key. */
export async function* crawlLinked(
  { company, asksAll }: Share,
  links: readonly Thing[],
): AsyncGenerator<Seen> {
  for (const reader of company) {
    const planted = asksAll(reader) ? links.map(({ id }) => `suar_${id}_${"x".repeat(43)}`) : [];
    for (const key of [NO_KEY, reader.key ?? "x", ...planted])
      for (const path of [LINKED, LINKED_FILE.replace(":file", "manifest.json")])
        yield await ask(reader, "GET", path.replace(":key", key), { foreign: true });
  }
}

/** Links with a canary in their name and filter; where that of one leads, by its organisation. */
export async function plantExportLinks({ canaries, as, things }: Sower): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const code of ["MY", "SG:example-power"]) {
    const canary = canaries.plant(`the link of ${code}`, "own", ownOf(code));
    const link = { name: canary.text, format: "stix" };
    const named = expectMade(
      await as(code, "subscriber").api.post("/v1/export-links", {
        ...link,
        filter: { labels: [canary.text] },
      }),
    );
    const whole = expectMade(await as(code, "subscriber").api.post("/v1/export-links", link));
    paths.set(code, new URL(whole.url).pathname);
    for (const { id } of [named, whole]) things.exportLink.push({ id, organisation: code, realm: "live" });
  }
  return paths;
}

/** What whoever has the link reads. */
export async function linkedText(platform: Pick<PlatformProcess, "url">, path: string): Promise<string> {
  const { status, text } = await caller(platform.url, undefined).get(path);
  if (status !== 200) throw new Error(text);
  return text;
}

/** It holds the newest versions, and no alerts. */
export const isInNoExport = ({ superseded, inAlerts }: Canary): boolean =>
  superseded === true || inAlerts === true;

/** All that a reader may see, as one bundle. */
export async function exportedText({ api }: Reader): Promise<string> {
  const { status, text } = await api.get("/v1/export/stix");
  if (status !== 200) throw new Error(text);
  return text;
}
