import { AppError, actorOf, setMemberDomains } from "@suar/contract";
import { canonicalOf, WarningLists } from "@suar/formats";
import { appendEvent, handle, type Platform, transaction } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { reaches, reachOf, requireLive } from "../manageable.ts";
import { updateDomains } from "../store/organisation.ts";

/** Suar's own lists, which know below which names strangers are. */
const BUILT_IN = new WarningLists([]);

/** The domains that are a member's own: what keeps them out of everybody's blocklists. */
export function registerMemberDomains(app: FastifyInstance, { authenticator, core }: Platform): void {
  handle(app, authenticator, setMemberDomains, async ({ principal, params: { code }, body }) => {
    requireLive(principal);
    const reach = reachOf(principal);
    // An agency's officer speaks for the agency alone.
    if (!reaches(reach, { code, member: code }) || reach.kind === "organisation")
      throw new AppError("not-found");
    const domains = canonicalDomains(body.domains);
    await transaction(core, async (db) => {
      if (!(await updateDomains(db, code, domains))) throw new AppError("not-found");
      const actor = actorOf(principal);
      await appendEvent(db, { type: "member-domains-set.v1", actor, subject: code, fields: { domains } });
    });
    return { code, domains };
  });
}

function canonicalDomains(names: readonly string[]): string[] {
  const domains = names.map((name, index) => {
    const domain = canonicalOf("domain", name);
    const refuse = (message: string): never => {
      const errors = [{ path: `/domains/${index}`, code: "bad-entry", message }];
      throw new AppError("bad-list", "A name is none of a member's own", { errors });
    };
    if (!domain.ok) return refuse("Not a domain name");
    const shared = BUILT_IN.nameOfHit({ kind: "domain", value: domain.value });
    return shared === undefined ? domain.value : refuse(`Not one party's alone: ${shared}`);
  });
  return [...new Set(domains)].sort();
}
