import {
  AppError,
  diffPolicy,
  diffProposal,
  type PolicyDiffLine,
  type Principal,
  type RouteDefinition,
} from "@suar/contract";
import { type PairPolicy, pairName } from "@suar/policy";
import { authenticate, handle, type Platform, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { policyOf } from "../describe-proposal.ts";
import { diffLines } from "../diff-lines.ts";
import { actingMember, requireParty } from "../member-officer.ts";
import { OneAtATime } from "../one-at-a-time.ts";
import { sendLines } from "../send-lines.ts";
import { selectProposal } from "../store/policy-proposal.ts";

/** A diff reads what 90 days brought: nobody asks for a second one meanwhile, and few at once keep a process busy. */
const MOST_AT_ONCE = 3;

type Asked = { principal: Principal; request: FastifyRequest; reply: FastifyReply };

/** What a policy would have changed: answered in lines, since it takes long. */
export function registerPolicyDiffs(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core } = platform;
  const running = new OneAtATime(MOST_AT_ONCE);
  app.addHook("preClose", () => running.stop());

  const answer = async (
    route: RouteDefinition,
    { principal, request, reply }: Asked,
    policy: PairPolicy,
  ): Promise<FastifyReply> => {
    const { organisation } = requireOrganisation(principal);
    const realm = await platform.realms.of(principal);
    const run = running.begin(organisation.member);
    reply.raw.once("close", run.leave);
    // Its key may be revoked while it runs.
    const stillMay = async (): Promise<void> => await authenticate(authenticator, route, request);
    const asked = { policy, asker: organisation, signal: run.signal };
    return await sendLines<PolicyDiffLine>(reply, diffLines(platform, realm, asked, stillMay)).finally(
      run.end,
    );
  };

  handle(app, authenticator, diffProposal, async (call) => {
    const member = actingMember(call.principal);
    const proposal = await selectProposal(core, call.params.id);
    if (proposal === undefined) throw new AppError("not-found");
    const policy = policyOf(proposal);
    requireParty(policy, member);
    return await answer(diffProposal, call, policy);
  });

  handle(app, authenticator, diffPolicy, async (call) => {
    const member = actingMember(call.principal);
    const { policy } = call.body;
    if (pairName(policy) !== call.params.pair)
      throw new AppError("conflict", `The policy is for ${pairName(policy)}`);
    requireParty(policy, member);
    return await answer(diffPolicy, call, policy);
  });
}
