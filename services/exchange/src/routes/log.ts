import { formatCursor, readLog } from "@suar/contract";
import {
  itemText,
  OwnFilter,
  type Page,
  readPage,
  receiptable,
  requestNames,
  resolveAfter,
  selectHead,
} from "@suar/log";
import {
  authenticate,
  channels,
  handle,
  type Platform,
  type Realm,
  requireOrganisation,
  type Stop,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { filterOfQuery } from "../filter-of-query.ts";
import { noteAnswer } from "../note-answer.ts";

const LOOK_EVERY_MS = 250;

/** `GET /v1/log`: pull, with long-polling. Returns what ends the waiting at shutdown. */
export function registerLog(app: FastifyInstance, platform: Platform): Stop {
  let stopping = false;
  const waiters = new Set<() => void>();
  handle(app, platform.authenticator, readLog, async ({ principal, query, request, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const { secrets } = platform;
    const reader = { organisationId: caller.organisation.id };
    const filter = new OwnFilter(filterOfQuery(query), { realm, secrets }, reader.organisationId);
    const names = requestNames(platform.directory);
    let after = await realm.readAs(reader.organisationId, async (db) =>
      resolveAfter(query.after, await selectHead(db)),
    );
    const until = Date.now() + query.wait * 1000;
    for (;;) {
      const from = after;
      const page = await realm.readAs(reader.organisationId, async (db) => {
        const matches = await filter.matcher(db);
        return await readPage(db, names, { after: from, limit: query.limit, reader, matches });
      });
      after = page.next;
      const more = page.next < page.head.seq;
      if (
        page.entries.length > 0 ||
        (!more && Date.now() >= until) ||
        stopping ||
        request.raw.destroyed ||
        (more && query.wait === 0)
      ) {
        const handed = () => receiptable(page.entries, filter).map(({ seq }) => seq);
        noteAnswer(reply, { realm, caller, channel: "pull" }, handed);
        return reply.header("content-type", "application/json; charset=utf-8").send(pageText(page, realm));
      }
      if (more) continue;
      await moved(platform, realm, waiters, Math.min(LOOK_EVERY_MS, until - Date.now()));
      await authenticate(platform.authenticator, readLog, request);
    }
  });
  return async () => {
    stopping = true;
    for (const wake of waiters) wake();
  };
}

/** Items are written around the stored bodies; nothing is parsed and printed again. */
function pageText(page: Page, realm: Realm): string {
  const items = page.entries.map((entry) => itemText(entry, realm.name, page.head.epoch)).join(",");
  const next = formatCursor({ epoch: page.head.epoch, seq: page.next });
  return `{"items":[${items}],"next":${JSON.stringify(next)},"head":${page.head.seq}}`;
}

async function moved(platform: Platform, realm: Realm, waiters: Set<() => void>, ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unlisten();
      waiters.delete(done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(ms, 1));
    const unlisten = platform.signals.listen(channels.log(realm.name), done);
    waiters.add(done);
  });
}
