import { takesJson } from "@suar/formats";
import {
  type Connection,
  type FoundCollection,
  findCollection,
  type PulledObject,
  type PulledPart,
  PullPlace,
  pullObjects,
} from "@suar/taxii";
import { type KeptPage, noteFound } from "../store/source.ts";
import {
  bytesOf,
  connect,
  type Ended,
  isBehind,
  keep,
  type Puller,
  submitPulled,
  type Turn,
  WAIT_MS,
} from "./puller.ts";

const PAGE_OBJECTS = 1_000;
/** A worker lets other sources have a turn after so many pages. */
const MOST_PAGES = 50;

/** Pulls page after page of a TAXII collection. */
export async function pullPages(puller: Puller, turn: Turn): Promise<Ended> {
  const connection = connect(puller, turn);
  const collection = await collectionOf(puller, turn, connection);
  let place = PullPlace.parse(turn.row.place);
  let page = EMPTY;
  for await (const part of pullObjects(connection, collection, {
    from: place,
    limit: PAGE_OBJECTS,
    mostPages: MOST_PAGES,
  })) {
    const objects = part.objects.filter(({ text }) => takesJson(text));
    const pulled = { objects, part, url: collection.url.href, place };
    const missing = part.leftOut.length + (part.tooLarge ?? 0);
    page = {
      objects: page.objects + part.objects.length + missing,
      leftOut: page.leftOut + part.objects.length - objects.length + missing,
      submission: objects.length > 0 ? await submit(puller, turn, pulled) : page.submission,
    };
    if (part.place === undefined) continue;
    place = part.place;
    await keep(puller, turn, { ...page, place });
    if (part.more !== true) return "done";
    if (turn.time.isOver()) return { goOnInMs: 0 };
    if (await isBehind(puller, turn.row)) return { goOnInMs: WAIT_MS };
    page = EMPTY;
  }
  return { goOnInMs: 0 };
}

const EMPTY: Omit<KeptPage, "place"> = { objects: 0, leftOut: 0, submission: undefined };

/** What was found once is not looked for again, until it is gone. */
async function collectionOf(
  { realm }: Puller,
  { row }: Turn,
  connection: Connection,
): Promise<FoundCollection> {
  if (row.found !== null) return { ...row.found, url: new URL(row.found.url) };
  const { url, id, title } = await findCollection(connection, row.collection ?? undefined);
  await noteFound(realm.write, row, { url: url.href, id, title });
  return { url, id, title };
}

/** What a page was asked for by; what is remembered of those before it makes it no other. */
function keyOf({ empty: _empty, trail: _trail, ...asked }: PullPlace): unknown {
  return asked;
}

type PulledPage = {
  objects: readonly PulledObject[];
  part: PulledPart;
  url: string;
  /** Where its page was asked for. */
  place: PullPlace;
};

async function submit(puller: Puller, turn: Turn, pulled: PulledPage): Promise<string> {
  const { objects, part, url, place } = pulled;
  const { id } = await submitPulled(puller, turn, {
    format: "stix",
    origin: { url, ...(part.last !== undefined && { added: part.last }) },
    source: bytesOf(Buffer.from(`{"objects":[${objects.map(({ text }) => text).join(",")}]}`)),
    maxBytes: puller.config.SUAR_DOCUMENT_LIMIT,
    key: keyOf(place),
  });
  return id;
}
