import {
  AppError,
  acknowledgeRecall,
  actorOf,
  cutNewest,
  getRecall,
  listRecalls,
  parseListPlace,
  type Recall,
} from "@suar/contract";
import {
  appendEvent,
  type Directory,
  directoryOf,
  handle,
  type OrganisationCaller,
  type Platform,
  type Realm,
  requireOrganisation,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import {
  insertAcknowledgement,
  type RecallRow,
  type ReceiverRow,
  selectRecall,
  selectRecalls,
  selectReceivers,
} from "../store/recall.ts";
import { selectNamed } from "../store/receipt.ts";
import { type Receiver, stateOf, stateOfAll, tellReceivers } from "../tell-receivers.ts";

/** Recalls, to their originators and to those who are to acknowledge them; to nobody else is there any. */
export function registerRecalls(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, listRecalls, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const after = parseListPlace(query.after);
    const page = { state: query.state, after, limit: query.limit + 1 };
    const found = await selectRecalls(realm.write, caller.organisation.id, page);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: await describe(platform.directory, realm, caller, rows), ...next };
  });

  handle(app, platform.authenticator, getRecall, async ({ principal, params }) => {
    const caller = requireOrganisation(principal);
    return await read(platform, await platform.realms.of(caller), caller, params.id);
  });

  handle(app, platform.authenticator, acknowledgeRecall, async ({ principal, params }) => {
    const caller = requireOrganisation(principal);
    const realm = await platform.realms.of(caller);
    const row = await selectRecall(realm.write, caller.organisation.id, params.id);
    if (row === undefined) throw new AppError("not-found");
    if (row.producer === caller.organisation.id)
      throw new AppError("conflict", "Those who were sent it acknowledge a recall, not who took it back");
    await acknowledge(realm, caller, row.id);
    return await read(platform, realm, caller, row.id);
  });
}

async function acknowledge(realm: Realm, caller: OrganisationCaller, recallId: string): Promise<void> {
  const actor = actorOf(caller);
  const { id: organisationId, code } = caller.organisation;
  await transaction(realm.write, async (db) => {
    if (!(await insertAcknowledgement(db, recallId, organisationId, actor))) return;
    const event = { actor, subject: recallId, fields: { organisation: code } };
    await appendEvent(db, { type: "recall-acknowledged.v1", ...event });
  });
}

async function read(
  { directory }: Platform,
  realm: Realm,
  caller: OrganisationCaller,
  id: string,
): Promise<Recall> {
  const row = await selectRecall(realm.write, caller.organisation.id, id);
  const [recall] = row === undefined ? [] : await describe(directory, realm, caller, [row]);
  if (recall === undefined) throw new AppError("not-found");
  return recall;
}

async function describe(
  directory: Directory,
  realm: Realm,
  caller: OrganisationCaller,
  rows: readonly RecallRow[],
): Promise<Recall[]> {
  const { id: reader, member } = caller.organisation;
  const own = rows.filter(({ producer }) => producer === reader);
  const ids = own.map(({ id }) => id);
  const receivers = Map.groupBy(await selectReceivers(realm.write, ids), (row) => row.recall_id);
  const objects = own.flatMap((row) => row.objects);
  const namedFor = await selectNamed(realm.write, reader, objects);
  return await Promise.all(
    rows.map(async (row): Promise<Recall> => {
      const isOverdue = row.due_at.getTime() < Date.now();
      const told = {
        id: row.id,
        producer: (await directory.byId(row.producer))?.code ?? "?",
        objects: row.objects,
        withdrawnAt: row.withdrawn_at.toISOString(),
        dueAt: row.due_at.toISOString(),
        acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
      };
      if (row.producer !== reader)
        return { ...told, state: stateOf(row.acknowledged_at !== null, isOverdue) };
      const parties = await partiesOf(directoryOf(realm, directory), receivers.get(row.id) ?? []);
      const named = row.objects.flatMap((id) => namedFor.get(id) ?? []);
      const all = tellReceivers(parties, { member, named }, isOverdue);
      return { ...told, state: stateOfAll(all), receivers: all };
    }),
  );
}

async function partiesOf(directory: Directory, rows: readonly ReceiverRow[]): Promise<Receiver[]> {
  const found = await Promise.all(
    rows.map(async (row) => ({ row, party: await directory.byId(row.organisation_id) })),
  );
  return found.flatMap(({ row, party }) =>
    party === undefined ? [] : [{ party, acknowledgedAt: row.acknowledged_at, reminders: row.reminders }],
  );
}
