import { hash, randomUUID } from "node:crypto";
import {
  type Agreement,
  AppError,
  acceptAgreement,
  actorOf,
  type ChangedAgreement,
  cutNewest,
  endAgreement,
  listAgreements,
  type Principal,
  parseListPlace,
  proposeAgreement,
  readAgreement,
} from "@suar/contract";
import { appendEvent, handle, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { stateOf } from "../agreement-state.ts";
import { closeFirst } from "../close-first.ts";
import { actingMember } from "../member-officer.ts";
import * as store from "../store/agreement.ts";

/** What waits for others: one member cannot fill another's desk. */
const MOST_PROPOSALS = 100;

export function registerAgreements(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core, directory } = platform;

  handle(app, authenticator, listAgreements, async ({ principal, query }) => {
    const after = parseListPlace(query.after);
    const found = await store.selectAgreements(core, actingMember(principal), after, query.limit + 1);
    const { rows, ...next } = cutNewest(found, query.limit);
    return { items: rows.map(describe), ...next };
  });

  handle(app, authenticator, proposeAgreement, async ({ principal, body }) => {
    const proposer = actingMember(principal);
    const partner = await directory.byCode(body.with);
    if (body.with === proposer || partner?.active !== true)
      throw new AppError("unknown-member", `${body.with} is no other member`);
    const row = await transaction(core, async (db) => {
      if ((await store.countOpenProposals(db, proposer)) >= MOST_PROPOSALS)
        throw new AppError("quota-exceeded", `At most ${MOST_PROPOSALS} proposals wait for other members`);
      const { kind, title, reference = null, begins, ends = null } = body;
      const proposed_by = actorOf(principal);
      const terms = { kind, title, reference, begins, ends, proposed_by };
      const made = await store.insertAgreement(db, {
        id: randomUUID(),
        proposer,
        partner: body.with,
        ...terms,
      });
      await appendEvent(db, { type: "agreement-proposed.v1", actor: proposed_by, subject: made.id });
      return made;
    });
    return describe(row);
  });

  handle(app, authenticator, readAgreement, async ({ principal, params }) => {
    return describe(await found(platform, params.id, actingMember(principal)));
  });

  handle(app, authenticator, acceptAgreement, async ({ principal, params }) => {
    const member = actingMember(principal);
    const row = await found(platform, params.id, member);
    if (row.proposer === member)
      throw new AppError("conflict", "It is for the other member to accept what yours proposed");
    if (stateOf(row, row.today) !== "proposed")
      throw new AppError("conflict", `It is ${stateOf(row, row.today)}`);
    return await change(platform, principal, row.id, "accepted");
  });

  handle(app, authenticator, endAgreement, async ({ principal, params }) => {
    const row = await found(platform, params.id, actingMember(principal));
    if (stateOf(row, row.today) === "ended") throw new AppError("conflict", "It is ended");
    return await change(platform, principal, row.id, "ended");
  });
}

async function found({ core }: Platform, id: string, member: string): Promise<store.AgreementRow> {
  const row = await store.selectAgreement(core, id, member);
  if (row === undefined) throw new AppError("not-found");
  return row;
}

/** Looks again as it writes: of two who act at once, one is told. */
async function change(
  platform: Platform,
  principal: Principal,
  id: string,
  to: "accepted" | "ended",
): Promise<ChangedAgreement> {
  const actor = actorOf(principal);
  const mark = to === "accepted" ? store.markAccepted : store.markEnded;
  const changed = await transaction(platform.core, async (db) => {
    const row = await mark(db, id, actingMember(principal), actor);
    if (row === undefined) throw new AppError("conflict", "Somebody accepted or ended it meanwhile");
    await appendEvent(db, { type: `agreement-${to}.v1`, actor, subject: id });
    return row;
  });
  return { ...describe(changed), closing: await closeFirst(platform) };
}

/** As decisions name it that stand on it, worked out anew from what is shown. */
function termsHash({
  id,
  kind,
  proposer,
  partner,
  begins,
  ends,
  title,
  reference,
}: store.AgreementRow): string {
  const lines = ["suar/agreement/1", id, kind, proposer, partner, begins, ends ?? "", title, reference ?? ""];
  return hash("sha256", lines.join("\n"));
}

function describe(row: store.AgreementRow): Agreement {
  return {
    id: row.id,
    kind: row.kind,
    state: stateOf(row, row.today),
    members: [row.proposer, row.partner],
    title: row.title,
    reference: row.reference,
    begins: row.begins,
    ends: row.ends,
    acceptedAt: row.accepted_at?.toISOString() ?? null,
    hash: termsHash(row),
    endedBy: row.ended_member,
    endedAt: row.ended_at?.toISOString() ?? null,
  };
}
