import { AppError, cutPage, listReceipts, parseListKey, type Receipt } from "@suar/contract";
import type { ToldReader } from "@suar/gate";
import { type Delivered, selectDelivered } from "@suar/log";
import { PUBLIC } from "@suar/policy";
import { directoryOf, handle, type Platform, type Queryable, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { selectReceivers } from "../store/recall.ts";
import {
  hasStated,
  type ReceiptRow,
  selectNamed,
  selectReceipts,
  selectTakenAway,
  selectTold,
} from "../store/receipt.ts";
import { type Losses, takenAway } from "../taken-away.ts";
import { acknowledgedByEndpoint, tellReceivers as tellDeliveries } from "../tell-receipts.ts";
import { type Party, tellReceivers } from "../tell-receivers.ts";

/** `GET /v1/objects/{id}/receipts`: what an originator may know of the ways that its own statements went. */
export function registerReceipts(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listReceipts, async ({ principal, params, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const { write: db } = realm;
    const before = query.after === undefined ? Number.MAX_SAFE_INTEGER : parseListKey(query.after);
    const producer = caller.organisation.id;
    // Somebody else's is answered as what is not there.
    if (!(await hasStated(db, producer, params.id))) throw new AppError("not-found");
    const found = await selectReceipts(db, producer, params.id, { before, limit: query.limit + 1 });
    const { rows, ...next } = cutPage(found, query.limit, ({ seq }) => String(seq));
    const organisations = new Map<number, Party>(
      (await directoryOf(realm, platform.directory).all()).map((one) => [one.id, one]),
    );
    organisations.set(PUBLIC.id, { ...PUBLIC, kind: "public", active: true });
    const named = (await selectNamed(db, producer, [params.id])).get(params.id) ?? [];
    const originator = { member: caller.organisation.member, named };
    const losses = {
      closings: await selectTakenAway(
        db,
        rows.map((row) => row.rendition_id),
      ),
      told: await selectTold(db, producer, [...new Set(rows.map((row) => row.shown_id))]),
    };
    return { items: await tellReceipts(db, { originator, organisations, losses }, rows), ...next };
  });
}

type Organisations = ReadonlyMap<number, Party>;

type Known = { originator: ToldReader; organisations: Organisations; losses: Losses };

async function tellReceipts(
  db: Queryable,
  { originator, organisations, losses }: Known,
  rows: readonly ReceiptRow[],
): Promise<Receipt[]> {
  const delivered = await selectDelivered(
    db,
    rows.map(({ seq }) => seq),
  );
  const words = await wordsOf(db, originator, organisations, rows);
  return rows.map((row) => {
    const { seq, at, kind, shown_id: object, version, audience, recall_id: recallId } = row;
    const known = audience.flatMap((id) => {
      const party = organisations.get(id);
      if (party === undefined) return [];
      return [{ party, delivered: toOne(delivered, seq, id), takenAway: takenAway(row, id, losses) }];
    });
    const receivers = tellDeliveries(known, originator, (organisation, deliveries) =>
      kind === "withdrawn"
        ? (words.get(`${recallId} ${organisation}`) ?? null)
        : acknowledgedByEndpoint(deliveries),
    );
    return { seq, at, kind, object, version, receivers };
  });
}

function toOne(delivered: readonly Delivered[], seq: number, organisationId: number): Delivered[] {
  return delivered.filter((one) => one.seq === seq && one.organisationId === organisationId);
}

/** By recall and receiver, when it was acknowledged. */
async function wordsOf(
  db: Queryable,
  originator: ToldReader,
  organisations: Organisations,
  rows: readonly ReceiptRow[],
): Promise<Map<string, string>> {
  const recalls = [...new Set(rows.flatMap(({ recall_id: id }) => id ?? []))];
  const receivers = Map.groupBy(await selectReceivers(db, recalls), (row) => row.recall_id);
  const words = new Map<string, string>();
  for (const [recallId, all] of receivers) {
    const parties = all.flatMap(({ organisation_id: id, acknowledged_at: acknowledgedAt, reminders }) => {
      const party = organisations.get(id);
      return party === undefined ? [] : [{ party, acknowledgedAt, reminders }];
    });
    for (const told of tellReceivers(parties, originator, false))
      if (told.acknowledgedAt !== null) words.set(`${recallId} ${told.organisation}`, told.acknowledgedAt);
  }
  return words;
}
