import { randomUUID } from "node:crypto";
import {
  AppError,
  actorOf,
  cutNewest,
  listProposals,
  parseListPlace,
  proposePolicy,
  readProposal,
  signProposal,
  withdrawProposal,
} from "@suar/contract";
import { type PolicySet, pairName, partiesOf, policyBytes, policyHash } from "@suar/policy";
import {
  appendEvent,
  handle,
  type Platform,
  type PoolClient,
  seedPolicies,
  transaction,
} from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { closeFirst } from "../close-first.ts";
import { describeProposal, documentOf, policyOf } from "../describe-proposal.ts";
import { requireChange, requireNext } from "../last-version.ts";
import { actingMember, requireParty } from "../member-officer.ts";
import { requireDiffs } from "../require-diffs.ts";
import { takeSignature } from "../sign-proposal.ts";
import * as store from "../store/policy-proposal.ts";

/** What waits for a signature: one member cannot fill another's desk. */
const MOST_OPEN = 10;

export function registerProposals(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;
  const shipped = seedPolicies();

  handle(app, authenticator, listProposals, async ({ query }) => {
    const { pair, state, limit } = query;
    const found = await store.selectProposals(core, { pair, state }, parseListPlace(query.after), limit + 1);
    const { rows, ...next } = cutNewest(found, limit);
    return { items: rows.map(describeProposal), ...next };
  });

  handle(app, authenticator, readProposal, async ({ params }) => {
    const row = await store.selectProposal(core, params.id);
    if (row === undefined) throw new AppError("not-found");
    return documentOf(row);
  });

  handle(app, authenticator, proposePolicy, async ({ principal, params, body: { policy } }) => {
    const member = actingMember(principal);
    if (pairName(policy) !== params.pair)
      throw new AppError("conflict", `The policy is for ${pairName(policy)}`);
    const proposer = requireParty(policy, member);
    const row = await transaction(core, async (db) => {
      const { exporter, importer, version } = policy;
      await requireNext(db, shipped, policy);
      if ((await store.countOpen(db, exporter, importer)) >= MOST_OPEN)
        throw new AppError("quota-exceeded", `At most ${MOST_OPEN} proposals of a pair wait for signatures`);
      const id = randomUUID();
      const actor = actorOf(principal);
      const text = policyBytes(policy).toString("utf8");
      const said = { policy: text, hash: policyHash(policy), effectiveFrom: policy.effective.from };
      await store.insertProposal(db, { id, exporter, importer, version, proposer, actor, ...said });
      await appendEvent(db, {
        type: "policy-proposed.v1",
        actor,
        subject: id,
        fields: { pair: params.pair },
      });
      return await requireProposal(db, id);
    });
    return documentOf(row);
  });
  registerSigning(app, platform, shipped);
}

function registerSigning(app: FastifyInstance, platform: Platform, shipped: PolicySet): void {
  const { authenticator, core, trust } = platform;
  handle(app, authenticator, signProposal, async ({ principal, params, body }) => {
    const member = actingMember(principal);
    const actor = actorOf(principal);
    const row = await transaction(core, async (db) => {
      const proposal = await requireOpen(db, params.id);
      const policy = policyOf(proposal);
      const party = requireParty(policy, member);
      // In the order in which whoever proposes takes them: the pair, and then what counts changes of policies.
      await store.lockPair(db, pairName(policy));
      const { waiveDiff = false } = body;
      requireNews(proposal, party, waiveDiff);
      const taken = await takeSignature(db, trust, { id: params.id, policy, member: party }, body);
      await requireDiffs(platform, { proposal, policy, party, waiveDiff });
      await store.putSignature(db, { proposalId: params.id, member, actor, waiveDiff, ...taken });
      const fields = waiveDiff ? { waivedDiff: true } : {};
      await appendEvent(db, { type: "policy-signed.v1", actor, subject: params.id, fields });
      await settle(db, shipped, params.id, actor);
      return await requireProposal(db, params.id);
    });
    const isChange = describeProposal(row).state === "signed";
    return { ...documentOf(row), closing: isChange && (await closeFirst(platform)) };
  });

  handle(app, authenticator, withdrawProposal, async ({ principal, params }) => {
    const member = actingMember(principal);
    const actor = actorOf(principal);
    const row = await transaction(core, async (db) => {
      const proposal = await requireOpen(db, params.id);
      requireParty(policyOf(proposal), member);
      await store.markWithdrawn(db, params.id, actor);
      await appendEvent(db, { type: "policy-proposal-withdrawn.v1", actor, subject: params.id });
      return await requireProposal(db, params.id);
    });
    return describeProposal(row);
  });
}

/** Once signed it is signed; whoever waits for the diffs may say later, by signing again, not to. */
function requireNews({ signatures }: store.ProposalRow, party: string, waiveDiff: boolean): void {
  const before = signatures.find((one) => one.member === party);
  if (before !== undefined && (before.waived_diff || !waiveDiff))
    throw new AppError("conflict", `${party} has signed it`);
}

/** With the last signature that it needs, it is the pair's next version: of two proposals the first that both sign is it. */
async function settle(db: PoolClient, shipped: PolicySet, id: string, actor: string): Promise<void> {
  const proposal = await requireProposal(db, id);
  const policy = policyOf(proposal);
  const signed = new Set(proposal.signatures.map(({ member }) => member));
  if (!partiesOf(policy).every((party) => signed.has(party))) return;
  await requireChange(db, shipped, proposal, policy);
  await store.markSigned(db, id);
  const fields = { pair: pairName(policy), version: policy.version };
  await appendEvent(db, { type: "policy-changed.v1", actor, subject: id, fields });
}

async function requireOpen(db: PoolClient, id: string): Promise<store.ProposalRow> {
  const row = await store.lockProposal(db, id);
  if (row === undefined) throw new AppError("not-found");
  const { state } = describeProposal(row);
  if (state !== "open") throw new AppError("conflict", `The proposal is ${state}`);
  return row;
}

async function requireProposal(db: PoolClient, id: string): Promise<store.ProposalRow> {
  const row = await store.selectProposal(db, id);
  if (row === undefined) throw new Error("a proposal is gone");
  return row;
}
