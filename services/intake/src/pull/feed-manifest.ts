import { createHash } from "node:crypto";
import { FormatError, parseJsonBounded } from "@suar/formats";
import { z } from "zod";
import { SourceFault } from "./source-fault.ts";

/** An event as a feed's manifest lists it. */
export type FeedEvent = {
  /** Its UUID, in lower case. */
  event: string;
  /** Of all that is said of it: a feed may change an event and leave its time as it was. */
  entry: Buffer;
  /** Unix seconds of its last change; 0 where the feed says none. */
  timestamp: number;
  /** UUID of the organisation that made it, in lower case. */
  creator: string | undefined;
};

export type FeedLimits = { maxBytes: number };

const DEEPEST = 50;
const MOST_EVENTS = 100_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const NO_FEED =
  "It is no manifest of a MISP feed: give the address of the feed's folder, or of its manifest.json";

const Creator = z.looseObject({ uuid: z.string().regex(UUID).toLowerCase() });
const Entry = z.looseObject({
  timestamp: z.coerce.number().int().min(0).max(9_999_999_999).catch(0),
  Orgc: Creator.optional().catch(undefined),
});
const Manifest = z.record(z.string().regex(UUID), Entry);

/**
 * What a feed lists, the longest unchanged first: what is cut off goes on from there. Of `after` (Unix seconds) and
 * before it is passed over. Throws a SourceFault.
 */
export function readManifest(bytes: Uint8Array, limits: FeedLimits, after = -1): FeedEvent[] {
  const listed = Manifest.safeParse(parse(bytes, limits));
  if (!listed.success) throw new SourceFault("not-a-feed", NO_FEED);
  const entries = Object.entries(listed.data);
  if (entries.length > MOST_EVENTS)
    throw new SourceFault("not-a-feed", `Its manifest lists more than ${MOST_EVENTS} events`);
  const events = new Map<string, FeedEvent>();
  for (const [uuid, entry] of entries) {
    const event = uuid.toLowerCase();
    if (entry.timestamp > after)
      events.set(event, {
        event,
        entry: hashOf(entry),
        timestamp: entry.timestamp,
        creator: entry.Orgc?.uuid,
      });
  }
  return [...events.values()].sort((a, b) => a.timestamp - b.timestamp || (a.event < b.event ? -1 : 1));
}

function parse(bytes: Uint8Array, { maxBytes }: FeedLimits): unknown {
  try {
    return parseJsonBounded(bytes, { maxBytes, maxDepth: DEEPEST });
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SourceFault("not-a-feed", `${NO_FEED} (${cause.message})`, cause);
  }
}

function hashOf(entry: unknown): Buffer {
  return createHash("sha256").update(JSON.stringify(entry)).digest();
}

const EventFile = z.looseObject({
  Event: z.looseObject({
    uuid: z.string().regex(UUID).toLowerCase(),
    info: z.string(),
    Orgc: Creator.optional().catch(undefined),
  }),
});

const DEEPEST_EVENT = 150;

/** The organisation that an event says that it is of. Throws a SourceFault for what is no event, or not the one that is listed. */
export function readEventFile(
  bytes: Uint8Array,
  event: string,
  { maxBytes }: FeedLimits,
): { creator: string | undefined } {
  try {
    const read = EventFile.safeParse(parseJsonBounded(bytes, { maxBytes, maxDepth: DEEPEST_EVENT }));
    if (!read.success) throw new SourceFault("not-an-event", "It is JSON, but no event of MISP");
    if (read.data.Event.uuid !== event)
      throw new SourceFault("not-an-event", `It is another event, ${read.data.Event.uuid}`);
    return { creator: read.data.Event.Orgc?.uuid };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new SourceFault("not-an-event", `It is no JSON that is taken: ${error.message}`, error);
  }
}

/** As a timestamp of STIX. */
export function unixSeconds(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** Where a feed's files are: its folder was named, or its manifest. What stands in the query goes with each. */
export function feedAddresses(address: URL): { manifest: URL; event: (uuid: string) => URL; folder: string } {
  const base = new URL(address);
  base.hash = "";
  if (/\.json$/i.test(base.pathname)) base.pathname = base.pathname.replace(/[^/]*$/, "");
  else if (!base.pathname.endsWith("/")) base.pathname += "/";
  const within = (name: string): URL => {
    const url = new URL(name, base);
    url.search = base.search;
    return url;
  };
  const isNamed = /\.json$/i.test(address.pathname);
  return {
    manifest: isNamed ? address : within("manifest.json"),
    event: (uuid) => within(`${uuid}.json`),
    folder: `${base.origin}${base.pathname}`,
  };
}
