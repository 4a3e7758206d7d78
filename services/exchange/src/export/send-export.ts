import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { AppError, type ExportLink, type Filter, isWatching } from "@suar/contract";
import { type FeedFile, ItemFormat, type WarnedOf, type Writer, writers } from "@suar/formats";
import { compileFilter, type Matcher, noteAtLength, OwnFilter, requestNames } from "@suar/log";
import type { OrganisationCaller, Platform, Realm } from "@suar/runtime";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isKnown } from "../send-public.ts";
import { cutOff } from "./cut-off.ts";
import { FeedPlans } from "./misp/feed-plans.ts";
import { prepareFeedFile } from "./misp/prepare-feed-file.ts";
import { prepareExport } from "./prepare-export.ts";
import type { Prepared } from "./prepared.ts";
import { type ExportSource, standingLog } from "./standing-items.ts";
import { looksInto } from "./turns.ts";
import { UnderWay } from "./under-way.ts";

type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** `stillAllowed` throws once the caller may not read any more: a long export asks again and again. */
export type Order = {
  caller: OrganisationCaller;
  format: ExportLink["format"];
  filter: Filter;
  /** One file of the feed that it is, and not all of it. */
  file?: FeedFile;
  stillAllowed(): Promise<unknown>;
};

/** What a process holds of its exports: how many are under way, and which events its feeds have. */
export class Exporting {
  readonly underWay = new UnderWay();
  readonly plans = new FeedPlans();
}

/** Answers with an export, or that nothing has changed. Throws `too-many-at-once`. */
export async function sendExport(
  platform: Platform,
  { underWay, plans }: Exporting,
  exchange: Exchange,
  order: Order,
): Promise<FastifyReply> {
  const { request, reply } = exchange;
  const { organisation } = order.caller;
  const end = underWay.begin(organisation);
  try {
    const realm = await platform.realms.of(order.caller);
    const exercise = realm.kind === "drill" ? realm.name : undefined;
    const warnedOf = await warnedOfFor(platform, order);
    const subject = { format: order.format, madeFor: organisation.code, exercise, warnedOf };
    const chosen = await choiceOf(platform, realm, order);
    const log = standingLog(sourceOf(platform, realm, request, { ...order, chosen }));
    const view = JSON.stringify([realm.name, organisation.id, order.filter]);
    const prepared =
      order.file === undefined
        ? await prepareExport(subject, log, view)
        : await prepareFeedFile({ subject, log, view, plans }, order.file);
    describe(reply, prepared);
    if (isKnown(request.headers["if-none-match"], prepared.tag)) return reply.code(304).send();
    if (request.method === "HEAD") return reply.send();
    const handed: number[] = [];
    const isWhole = await stream(
      reply,
      prepared.pieces((seq) => handed.push(seq)),
      end,
    );
    // Which of all `@watch` chose is told to nobody else.
    if (isWhole && !isWatching(order.filter)) await noteHanded(exchange, realm, order, handed);
    return reply;
  } finally {
    end();
  }
}

/** A list that was loaded a moment ago keeps its values out already. Other formats than blocklists ask none. */
async function warnedOfFor({ warnings }: Platform, { format, caller }: Order): Promise<WarnedOf> {
  if (!isBlocklist(format)) return () => undefined;
  const lists = await warnings.of(caller.organisation.id, caller.realm);
  return (value) => lists.nameOfHit(value);
}

type Choice = Pick<ExportSource, "matches" | "isChosen">;

function sourceOf(
  { directory }: Platform,
  realm: Realm,
  request: FastifyRequest,
  { caller, format, chosen, stillAllowed }: Order & { chosen: Choice },
): ExportSource {
  const looks = looksInto(realm);
  return {
    read: async (work) =>
      await looks.take(async () => {
        await stillAllowed();
        if (request.socket.destroyed) throw new AppError("unavailable", "Nobody reads it any more");
        return await realm.readAs(caller.organisation.id, work);
      }),
    names: requestNames(directory),
    reader: { organisationId: caller.organisation.id },
    sayers: async () => (await directory.all()).map(({ id }) => id),
    isBlocklist: isBlocklist(format),
    ...chosen,
  };
}

/** What is read, and what of it is asked for: the parts of a document are read with it, whatever they are. */
async function choiceOf(platform: Platform, realm: Realm, order: Order): Promise<Choice> {
  const isChosen = await matcherOf(platform, realm, order);
  const { format, filter } = order;
  if (writerOf(format)?.isOfParts !== true) return { matches: isChosen, isChosen };
  // None that may go on to fewer than was asked for, and none of another's.
  const { tlp, producers } = filter;
  const isPart = compileFilter(
    { ...(tlp && { tlp }), ...(producers && { producers }) },
    order.caller.organisation.id,
  );
  return { matches: (entry) => isPart(entry) || isChosen(entry), isChosen };
}

/** What the caller watches is what it is now, in both readings of the log. */
async function matcherOf(
  { secrets }: Platform,
  realm: Realm,
  { caller, format, filter }: Order,
): Promise<Matcher> {
  const asked = isBlocklist(format) ? indicatorsOf(filter) : filter;
  const { id } = caller.organisation;
  if (!isWatching(asked)) return compileFilter(asked, id);
  const own = new OwnFilter(asked, { realm, secrets }, id);
  return await realm.readAs(id, async (db) => await own.matcher(db));
}

/** Undefined of what is not written a rendition at a time. */
function writerOf(format: Order["format"]): Writer | undefined {
  const item = ItemFormat.safeParse(format);
  return item.success ? writers[item.data] : undefined;
}

function isBlocklist(format: Order["format"]): boolean {
  return writerOf(format)?.isBlocklist === true;
}

/** Nothing else is in a blocklist: what is of another type is not even parsed. */
function indicatorsOf(filter: Filter): Filter {
  const types = (filter.types ?? ["indicator"]).filter((type) => type.toLowerCase() === "indicator");
  return { ...filter, types };
}

/** It is the caller's own, and to be asked for anew each time: what is withdrawn has to be gone at once. */
function describe(reply: FastifyReply, { tag, mediaType, fileName }: Prepared): void {
  reply.header("etag", tag);
  reply.header("cache-control", "private, no-cache");
  reply.header("vary", "authorization");
  reply.header("referrer-policy", "no-referrer");
  reply.header("x-robots-tag", "none");
  reply.header("content-type", mediaType);
  reply.header("content-disposition", `attachment; filename="${fileName}"`);
}

/**
 * Whether all of it went out. The handler is busy until then, so that a stop waits; who takes nothing is cut off. `made`:
 * nothing is left to make. That is before its reader can have the end of it, and asks for the next.
 */
async function stream(
  reply: FastifyReply,
  pieces: AsyncGenerator<string>,
  made: () => void,
): Promise<boolean> {
  const body = Readable.from(pieces, { objectMode: false }).once("end", made);
  reply.raw.once("close", cutOff(reply.raw));
  reply.send(body);
  try {
    await Promise.all([finished(body), finished(reply.raw)]);
    return true;
  } catch (error) {
    reply.log.debug({ err: error }, "an export broke off");
    return false;
  }
}

/** Of one that broke off nothing is noted. A receipt may tell too little. */
async function noteHanded(
  { reply }: Exchange,
  realm: Realm,
  { caller }: Order,
  seqs: readonly number[],
): Promise<void> {
  await noteAtLength(realm, { organisationId: caller.organisation.id, channel: "export" }, seqs).catch(
    (error: unknown) => reply.log.warn({ err: error }, "what an export handed over was not all noted"),
  );
}
