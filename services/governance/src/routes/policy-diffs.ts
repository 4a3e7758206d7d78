import {
  AppError,
  diffPolicy,
  diffProposal,
  type PolicyDiffLine,
  type Principal,
  type ProposalState,
  type RouteDefinition,
} from "@suar/contract";
import { type PairPolicy, pairName, policyBytes, policyHash } from "@suar/policy";
import { authenticate, handle, type Platform } from "@suar/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { describeProposal, policyOf } from "../describe-proposal.ts";
import { diffLines } from "../diff-lines.ts";
import { isFresh } from "../fresh-diff.ts";
import { actingMember, requireParty } from "../member-officer.ts";
import { sendLines } from "../send-lines.ts";
import * as store from "../store/policy-diff.ts";
import { selectProposal } from "../store/policy-proposal.ts";

/** What a member has worked out at once. */
const MOST_UNDER_WAY = 5;

type Asked = { principal: Principal; request: FastifyRequest; reply: FastifyReply };

/** What a policy would have changed: answered in lines, since it takes long. */
export function registerPolicyDiffs(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;
  const stopping = new AbortController();
  app.addHook("preClose", () =>
    stopping.abort(new AppError("unavailable", "Suar is stopping here; it goes on, so ask again")),
  );

  const answer = async (
    route: RouteDefinition,
    { principal, request, reply }: Asked,
    policy: PairPolicy,
    of: "draft" | ProposalState,
  ): Promise<FastifyReply> => {
    const name = { hash: policyHash(policy), member: actingMember(principal) };
    const realm = await platform.realms.of(principal);
    const found = await store.selectDiff(realm.write, name);
    if (
      found?.finished_at !== null &&
      (await store.countUnderWay(realm.write, name.member)) >= MOST_UNDER_WAY
    )
      throw new AppError("in-progress", `${name.member} has ${MOST_UNDER_WAY} under way; ask again`);
    const text = policyBytes(policy).toString("utf8");
    const again = of === "draft" || (of !== "signed" && !isFresh(found));
    const isProposed = of === "open" || of === "signed";
    await store.beginDiff(realm.write, { ...name, policy: text, isProposed, again });
    const left = new AbortController();
    reply.raw.once("close", () => left.abort());
    // Its key may be revoked while it runs.
    const stillMay = async (): Promise<void> => await authenticate(authenticator, route, request);
    const signal = AbortSignal.any([left.signal, stopping.signal]);
    return await sendLines<PolicyDiffLine>(reply, diffLines(platform, realm, name, { signal, stillMay }));
  };

  handle(app, authenticator, diffProposal, async (call) => {
    const member = actingMember(call.principal);
    const proposal = await selectProposal(core, call.params.id);
    if (proposal === undefined) throw new AppError("not-found");
    const policy = policyOf(proposal);
    requireParty(policy, member);
    return await answer(diffProposal, call, policy, describeProposal(proposal).state);
  });

  handle(app, authenticator, diffPolicy, async (call) => {
    const member = actingMember(call.principal);
    const { policy } = call.body;
    if (pairName(policy) !== call.params.pair)
      throw new AppError("conflict", `The policy is for ${pairName(policy)}`);
    requireParty(policy, member);
    return await answer(diffPolicy, call, policy, "draft");
  });
}
