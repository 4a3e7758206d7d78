import { AppError, explainObject } from "@suar/contract";
import { DecisionText } from "@suar/gate";
import { Importer } from "@suar/policy";
import { handle, type Platform, readStanding, requireOrganisation } from "@suar/runtime";
import type { FastifyInstance } from "fastify";
import { explainReceived } from "../explain-received.ts";
import { explainSentRed } from "../explain-sent-red.ts";
import { explainStated } from "../explain-stated.ts";

/**
 * `GET /v1/explain`: to an originator who receives what it stated and why, to a receiver its own line. Whoever is neither
 * is answered as for what never was, after the same work.
 */
export function registerExplain(app: FastifyInstance, platform: Platform): void {
  handle(app, platform.authenticator, explainObject, async ({ principal, query }) => {
    const caller = requireOrganisation(principal);
    requireMember(query.member);
    const realm = await platform.realms.of(caller);
    const { policies } = await readStanding(realm.write, platform.trust);
    const asked = { caller, realm, text: new DecisionText(policies), policies, ...query };
    // As with receipts: machines that read feeds are not told to whom else something went.
    const isTold = caller.roles.includes("analyst") || caller.roles.includes("officer");
    const stated = isTold ? await explainStated(platform, asked) : null;
    // A version is named by whoever stated it: what others call theirs is not the caller's to know.
    const isOthers = query.version === undefined;
    const received = isOthers ? await explainReceived(platform, asked) : [];
    const sentRed = isOthers ? await explainSentRed(platform, asked) : [];
    if (stated === null && received.length === 0 && sentRed.length === 0) throw new AppError("not-found");
    const at = new Date().toISOString();
    return { object: query.object, at, stated, received, sentRed, guide: asked.text.entries };
  });
}

/** By its name alone: which agencies a member has is its own to tell, so that one of them is answered as one that is none. */
function requireMember(recipient: string | undefined): void {
  if (recipient === undefined || Importer.safeParse(recipient.split(":")[0]).success) return;
  throw new AppError("unknown-member", `member=${recipient}: there is no such member`);
}
