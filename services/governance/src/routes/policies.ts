import {
  AppError,
  cutPage,
  listPolicies,
  PairName,
  type PolicyInForce,
  readPolicy,
  readPolicyGuide,
} from "@suar/contract";
import {
  type CompiledPair,
  Importer,
  Member,
  pairName,
  pairOf,
  policiesOf,
  readableGuide,
} from "@suar/policy";
import { handle, type Platform, readStanding, seedGuide, type UnverifiedPolicy } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { selectSignedProposal } from "../store/policy-proposal.ts";

/** What is in force: every member may read every policy, since each has to trust the others'. */
export function registerPolicies(app: FastifyInstance, platform: Platform): void {
  const { authenticator, core, trust } = platform;

  handle(app, authenticator, listPolicies, async ({ query }) => {
    const { after = "", limit } = query;
    if (after !== "" && !PairName.safeParse(after).success) throw new AppError("bad-cursor");
    const { policies, unverified } = await readStanding(core, trust);
    const all = [...policiesOf(policies).map(describe), ...[...unverified.values()].map(describeUnverified)];
    all.sort((a, b) => (a.pair < b.pair ? -1 : 1));
    const rest = all.filter(({ pair }) => pair > after).slice(0, limit + 1);
    const { rows, ...next } = cutPage(rest, limit, ({ pair }) => pair);
    return { items: [...rows], ...next };
  });

  handle(app, authenticator, readPolicy, async ({ params }) => {
    const { policies, unverified } = await readStanding(core, trust);
    const closed = unverified.get(params.pair);
    if (closed !== undefined)
      return { ...describeUnverified(closed), policy: null, proposal: closed.proposal };
    const [exporter = "", importer = ""] = params.pair.split("-");
    const compiled = pairOf(policies, exporter, importer);
    if (compiled === undefined) throw new AppError("not-found");
    const { policy } = compiled;
    const proposal = await selectSignedProposal(core, exporter, importer, policy.version);
    return { ...describe(compiled), policy, proposal: proposal ?? null };
  });

  const guide = seedGuide();
  handle(app, authenticator, readPolicyGuide, async ({ params: { pair } }) => {
    const { policies } = await readStanding(core, trust);
    const [exporter = "", importer = ""] = pair.split("-");
    const found = readableGuide(guide, policies, { exporter, importer });
    const compiled = pairOf(policies, exporter, importer);
    if (found === undefined || compiled === undefined) throw new AppError("not-found");
    const { file, notice, rules, entries, unverified, cited, checked, texts } = found;
    return {
      ...describe(compiled),
      ...{ file, notice, unverified, cited, checked, texts, page: `/policies/${pair}` },
      rules: rules.map(({ name, rule, entry }) => ({ name, rule, guide: entry?.id ?? null })),
      entries: entries.map((one) => ({ entry: one.entry, rules: [...one.rules] })),
    };
  });
}

function describe({ policy, standing, hash }: CompiledPair): PolicyInForce {
  const { exporter, importer, version } = policy;
  return { pair: pairName(policy), exporter, importer, version, standing, hash, problem: null };
}

/** What the rows say, so that its members can tell what was done to it. */
function describeUnverified({ pair, version, hash, problem }: UnverifiedPolicy): PolicyInForce {
  const [exporter, importer] = pair.split("-");
  return {
    ...{ pair, version, hash, problem, standing: "unverified" },
    ...{ exporter: Member.parse(exporter), importer: Importer.parse(importer) },
  };
}
