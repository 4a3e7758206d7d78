import { AppError, formatListPlace, parseListPlace, search, WATCHED } from "@suar/contract";
import { requestNames } from "@suar/log";
import { handle, type Platform, type Queryable, requireOrganisation } from "@suar/runtime";
import { canonicalize, classifyValue, isStixId, observableKey, refang } from "@suar/stix";
import type { FastifyInstance } from "fastify";
import { countOthers, handedBy, toAssertions } from "../assertions.ts";
import { withLives } from "../life/with-lives.ts";
import { noteAnswer } from "../note-answer.ts";
import { findWatched } from "../search-watched.ts";
import { type Found, type LookUp, selectAssertions, selectByKey, selectByWords } from "../store/assertion.ts";

export function registerSearch(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, search, async ({ principal, query, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const isWatched = query.q === WATCHED;
    const understood = isWatched ? null : understand(query.q);
    const place =
      query.after === undefined ? undefined : parseListPlace(query.after, /^(?:id|value|words|watched)$/);
    return await realm.readAs(caller.organisation.id, async (db) => {
      const seal = { realm, secrets: platform.secrets };
      const names = requestNames(platform.directory);
      const watched: Way = [
        "watched",
        async (lookUp) => await findWatched(db, names, seal, caller.organisation.id, lookUp),
      ];
      const all = isWatched ? [watched] : waysFor(db, query.q, understood);
      const ways = all.filter(([way]) => place === undefined || way === place.id);
      if (ways.length === 0) throw new AppError("bad-cursor");
      const before = place?.key ?? Number.MAX_SAFE_INTEGER;
      const { way, rows, downTo } = await firstThatFinds(ways, {
        type: query.type,
        before,
        limit: query.limit,
      });
      // What `@watch` finds is told to nobody else.
      if (!isWatched) noteAnswer(reply, { realm, caller, channel: "search" }, () => handedBy(rows));
      const others = await countOthers(db, platform.directory, rows);
      const assertions = await toAssertions(platform.directory, rows);
      const { lived } = await withLives(db, platform.directory, caller.organisation.id, { rows, assertions });
      const items = lived.map((assertion, index) => ({
        ...assertion,
        alsoReportedBy: others.get(rows[index]?.rendition_id ?? 0) ?? 0,
      }));
      return {
        understood: isWatched ? { kind: "watch-list", value: WATCHED } : understood,
        items,
        ...(downTo !== undefined && { next: formatListPlace({ key: downTo, id: way }) }),
      };
    });
  });
}

type Way = readonly ["id" | "value" | "words" | "watched", (lookUp: LookUp) => Promise<Found>];

/** As an id, as a value, and only where neither is found, as words: a page goes on in the way of the first. */
function waysFor(db: Queryable, q: string, understood: ReturnType<typeof understand>): Way[] {
  const words: Way = ["words", async (lookUp) => await selectByWords(db, q, lookUp)];
  if (isStixId(q)) return [["id", async (lookUp) => await selectById(db, q, lookUp)], words];
  if (understood === null) return [words];
  const key = observableKey(understood.kind, understood.value);
  return [["value", async (lookUp) => await selectByKey(db, key, lookUp)], words];
}

async function firstThatFinds(ways: readonly Way[], lookUp: LookUp): Promise<Found & { way: Way[0] }> {
  for (const [way, look] of ways.slice(0, -1)) {
    const found = await look(lookUp);
    if (found.rows.length > 0 || found.downTo !== undefined) return { way, ...found };
  }
  const [way, look] = ways.at(-1) as Way;
  return { way, ...(await look(lookUp)) };
}

async function selectById(db: Queryable, id: string, { type, before, limit }: LookUp): Promise<Found> {
  const rows = (await selectAssertions(db, id))
    .filter((row) => row.rendition_id < before && (type === undefined || id.startsWith(`${type}--`)))
    .sort((a, b) => b.rendition_id - a.rendition_id);
  const page = rows.slice(0, limit);
  return page.length === rows.length ? { rows } : { rows: page, downTo: page.at(-1)?.rendition_id };
}

/** The value that a query is, defanged or not; null when it is only words. */
function understand(query: string) {
  const text = refang(query.trim());
  const kind = classifyValue(text);
  if (kind === undefined) return null;
  const canonical = canonicalize(kind, text);
  return canonical.ok ? { kind, value: canonical.value } : null;
}
