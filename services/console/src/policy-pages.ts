import { AppError } from "@suar/contract";
import { readableGuide } from "@suar/policy";
import { type Platform, readStanding, seedGuide } from "@suar/runtime";
import type { FastifyInstance, FastifyReply } from "fastify";
import { policiesPage } from "./pages/policies.ts";
import { policyPage } from "./pages/policy.ts";

/** Stricter than what pages with a form need: nothing runs here, nothing is sent, nobody frames it. */
const PAGE_ALONE =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The policies of pairs for people, open to anybody: by what the members decide is nobody's secret. */
export function registerPolicyPages(app: FastifyInstance, { core, trust }: Platform): void {
  const hidden = { schema: { hide: true } as never };
  const guide = seedGuide();
  app.get("/policies", hidden, async (_request, reply) => {
    const { policies } = await readStanding(core, trust);
    return show(reply, policiesPage(policies));
  });
  app.get<{ Params: { pair: string } }>("/policies/:pair", hidden, async ({ params }, reply) => {
    const [, exporter = "", importer = ""] = /^([A-Z]{2})-([A-Z]{2}|public)$/.exec(params.pair) ?? [];
    const { policies } = await readStanding(core, trust);
    const found = readableGuide(guide, policies, { exporter, importer });
    if (found === undefined) throw new AppError("not-found");
    return show(reply, policyPage(found));
  });
}

function show(reply: FastifyReply, page: string): FastifyReply {
  return reply
    .type("text/html; charset=utf-8")
    .header("content-security-policy", PAGE_ALONE)
    .header("cache-control", "max-age=60")
    .send(page);
}
