import {
  AppError,
  actorOf,
  listWarningLists,
  loadWarningList,
  type Principal,
  readWarningListEntries,
  removeWarningList,
  tryWarningLists,
} from "@suar/contract";
import { canonicalOf, MOST_OF_LIST } from "@suar/formats";
import {
  appendEvent,
  drainBody,
  handle,
  heldOpen,
  isSealed,
  ownListsOf,
  type Platform,
  readEntries,
  requireOrganisation,
  type StoredList,
  selectActiveLists,
  selectMembersDomains,
  takeRawBodies,
  transaction,
} from "@suar/runtime";
import { classifyValue, refang } from "@suar/stix";
import type { FastifyInstance } from "fastify";
import { builtInLists, describeList } from "../describe-warning-list.ts";
import { loadList } from "../load-warning-list.ts";
import { endList } from "../store/warning-list.ts";

/** No organisation: of the operator, who sees everybody's lists alone. */
const NOBODY = 0;

export async function registerWarningLists(app: FastifyInstance, platform: Platform): Promise<void> {
  const { authenticator, core } = platform;
  registerReading(app, platform);

  handle(app, authenticator, removeWarningList, async ({ principal, params }) => {
    const organisationId = ownerFor(principal);
    const list = await found(platform, principal, params.id);
    if (list === undefined || list.organisationId !== organisationId) throw new AppError("not-found");
    const actor = actorOf(principal);
    await transaction(core, async (db) => {
      if (!(await endList(db, list.id, actor))) throw new AppError("not-found");
      await appendEvent(db, { type: "warning-list-removed.v1", actor, subject: list.id });
    });
    return describeList(list);
  });

  // Lists are larger than other bodies: their scope hands them on as streams.
  await app.register(async (scope) => {
    takeRawBodies(scope);
    handle(scope, authenticator, loadWarningList, async ({ principal, query, request }) => {
      const body = request.body as AsyncIterable<Uint8Array> | null | undefined;
      if (body === null || body === undefined) throw new AppError("empty");
      const source = heldOpen(body);
      try {
        const organisationId = ownerFor(principal);
        const bytes = await wholeOf(source);
        return await loadList(platform, { principal, organisationId, bytes, source: query.source ?? "" });
      } catch (error) {
        void drainBody(request, source);
        throw error;
      }
    });
  });
}

function registerReading(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;
  handle(app, authenticator, listWarningLists, async ({ principal }) => {
    const loaded = await platform.warnings.heads(readerOf(principal), principal.realm);
    const builtIn = builtInLists(await selectMembersDomains(core)).map(({ head }) => head);
    return { items: [...builtIn, ...loaded.map(describeList)] };
  });

  handle(app, authenticator, tryWarningLists, async ({ principal, query }) => {
    const text = refang(query.value.trim());
    const kind = classifyValue(text);
    const canonical = kind === undefined ? undefined : canonicalOf(kind, text);
    if (kind === undefined || canonical?.ok !== true)
      throw new AppError("bad-request", "No value of a kind that Suar knows");
    const { value } = canonical;
    const lists = await platform.warnings.of(readerOf(principal), principal.realm);
    const hits = lists.hits({ kind, value }).map(({ name: list, version }) => ({ list, version }));
    return { kind, value, hits };
  });

  handle(app, authenticator, readWarningListEntries, async ({ principal, params, query }) => {
    const { head, list } = await wholeList(platform, principal, params.id);
    const from = query.after === undefined ? 0 : placeOf(query.after);
    const to = from + query.limit;
    return { ...head, list: list.slice(from, to), ...(to < list.length && { next: String(to) }) };
  });
}

/** Whose lists a caller loads and removes: an agency's officer its own organisation's, as everybody. */
function ownerFor(principal: Principal): number | null {
  if (principal.realm !== "live")
    throw new AppError("forbidden", "A drill's keys change nothing outside of the drill");
  return principal.roles.includes("operator") ? null : requireOrganisation(principal).organisation.id;
}

function readerOf({ organisation, realm }: Principal): number {
  return ownListsOf(organisation?.id ?? NOBODY, realm);
}

/** Also one that is forged: it can be removed. */
async function found({ core }: Platform, principal: Principal, id: string): Promise<StoredList | undefined> {
  const lists = await selectActiveLists(core, readerOf(principal));
  return lists.find((list) => list.id === id);
}

async function wholeList(platform: Platform, principal: Principal, id: string) {
  const builtIn = builtInLists(await selectMembersDomains(platform.core)).find(({ head }) => head.id === id);
  if (builtIn !== undefined) return builtIn;
  const stored = await found(platform, principal, id);
  const isOurs = stored !== undefined && isSealed(platform.secrets, stored);
  const list = isOurs ? await readEntries(platform.core, stored) : undefined;
  if (stored === undefined || list === undefined) throw new AppError("not-found");
  return { head: describeList(stored), list };
}

function placeOf(after: string): number {
  if (!/^\d{1,7}$/.test(after)) throw new AppError("bad-cursor");
  return Number(after);
}

async function wholeOf(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of source) {
    size += part.byteLength;
    if (size > MOST_OF_LIST.bytes) throw new AppError("too-large", `At most ${MOST_OF_LIST.bytes} bytes`);
    parts.push(part);
  }
  if (size === 0) throw new AppError("empty");
  return Buffer.concat(parts);
}
