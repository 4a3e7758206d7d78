import { AppError, getObject, listObjects, parseListKey, withdrawObject } from "@suar/contract";
import { selectHead } from "@suar/log";
import { type Directory, handle, type Platform, type Queryable, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { countOthers, handedBy, toAssertions } from "../assertions.ts";
import { tellSightings } from "../life/sightings-of.ts";
import { withLives } from "../life/with-lives.ts";
import { noteAnswer } from "../note-answer.ts";
import { type AssertionRow, type ListRequest, selectAssertions, selectNewest } from "../store/assertion.ts";
import { withdrawOwn } from "../withdraw-own.ts";

export function registerObjects(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listObjects, async ({ principal, query, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const producer = await idOf(platform.directory, query.producer);
    const after = query.after === undefined ? undefined : parseListKey(query.after);
    const { rows, next } = await realm.readAs(caller.organisation.id, async (db) => {
      const before = after ?? (await selectHead(db)).seq + 1;
      return await newest(db, { type: query.type, producer, before, limit: query.limit });
    });
    noteAnswer(reply, { realm, caller, channel: "object" }, () => handedBy(rows));
    return { items: await toAssertions(platform.directory, rows), ...(next > 1 && { next: String(next) }) };
  });

  handle(app, platform.authenticator, getObject, async ({ principal, params, reply }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    return await realm.readAs(caller.organisation.id, async (db) => {
      const rows = await selectAssertions(db, params.id);
      if (rows.length === 0) throw new AppError("not-found");
      noteAnswer(reply, { realm, caller, channel: "object" }, () => handedBy(rows));
      const others = await countOthers(db, platform.directory, rows);
      const { directory } = platform;
      const assertions = await toAssertions(directory, rows);
      const { lived, read } = await withLives(db, directory, caller.organisation.id, { rows, assertions });
      const said = await tellSightings(directory, [...read.values()].flat());
      const [first] = lived;
      if (first === undefined) throw new AppError("not-found");
      return {
        id: params.id,
        assertions: lived.map(({ sightings: _, ...assertion }) => assertion),
        alsoReportedBy: Math.max(0, ...others.values()),
        sightings: { ...first.sightings, said },
      };
    });
  });

  handle(app, platform.authenticator, withdrawObject, async ({ principal, params, body }) => {
    const caller = requireOrganisation(principal);
    const { at, ...done } = await withdrawOwn(platform, caller, params.id, body ?? {});
    return { id: params.id, withdrawnAt: at.toISOString(), ...done };
  });
}

/** The id that no organisation has. */
const NOBODY = 0;

/** A code that nobody bears is looked for as one of an organisation that states nothing: which there are is not told. */
async function idOf(directory: Directory, code: string | undefined): Promise<number | undefined> {
  return code === undefined ? undefined : ((await directory.byCode(code))?.id ?? NOBODY);
}

const MOST_LOOKS = 10;

/** Looks back through the log a window at a time; `next` is where to go on, also when few or none matched. */
async function newest(db: Queryable, request: ListRequest): Promise<{ rows: AssertionRow[]; next: number }> {
  const rows: AssertionRow[] = [];
  let { before } = request;
  for (let looks = 0; looks < MOST_LOOKS && before > 1; looks++) {
    const look = await selectNewest(db, { ...request, before, limit: request.limit - rows.length });
    rows.push(...look.rows);
    if (rows.length === request.limit) return { rows, next: rows.at(-1)?.seq ?? 1 };
    before = look.downTo + 1;
  }
  return { rows, next: before };
}
