import type { ExplainedRecipient, ExplainedStatement, ToldRequest } from "@suar/contract";
import { type AskedRow, type DecisionText, type ExplainedLine, explain, releaseContext } from "@suar/gate";
import { Importer, type Organisation, type PolicySet } from "@suar/policy";
import { directoryOf, type OrganisationCaller, type Platform, type Realm } from "@suar/runtime";
import { hasStated } from "./store/receipt.ts";

/** Who asks, and about what. */
export type Asked = {
  caller: OrganisationCaller;
  realm: Realm;
  text: DecisionText;
  policies: PolicySet;
  object: string;
  member?: string | undefined;
  version?: string | undefined;
};

/** Of what the caller's organisation stated itself; null where it did not, or nothing that is for such a recipient. */
export async function explainStated(
  platform: Platform,
  { caller, realm, text, object, member, version }: Asked,
): Promise<ExplainedStatement | null> {
  const { organisation } = caller;
  if (!(await hasStated(realm.write, organisation.id, object))) return null;
  const said = { submissionId: null, word: "" };
  const context = await releaseContext(platform, realm, organisation, said);
  const known = (await directoryOf(realm, platform.directory).all()) as readonly Organisation[];
  const explained = await explain(realm.write, context, { stixId: object, version }, known);
  if (explained === undefined) return null;
  const lines = explained.lines.filter((line) => member === undefined || line.told === member);
  if (lines.length === 0) return null;
  const { version: stated, named } = explained;
  return {
    version: stated.version,
    tlp: stated.tlp,
    pap: stated.pap,
    to: named === null ? null : [...named],
    withdrawnAt: stated.withdrawn_at?.toISOString() ?? null,
    recipients: lines.map((line) => describeLine(line, text)),
  };
}

function describeLine(line: ExplainedLine, text: DecisionText): ExplainedRecipient {
  const { told, organisation, state, entry, now, kept, agencies, differs, asked } = line;
  return {
    organisation: told,
    member: Importer.parse(organisation.member),
    state,
    entry:
      entry === undefined ? null : { seq: entry.seq, at: entry.at, kind: entry.kind, id: entry.shown_id },
    now: now === undefined ? null : text.now(now),
    kept: kept === undefined ? null : text.kept(kept),
    differs,
    agencies: agencies === undefined ? null : text.now(agencies),
    requests: asked.map(describeRequest),
  };
}

/** Roles, and no people: an originator is not told who of another member's people agreed. */
function describeRequest(row: AskedRow): ToldRequest {
  const { id, state, approvers, four_eyes: fourEyes, approvals, reason } = row;
  return {
    id,
    state: state === "pending" && row.is_over ? "lapsed" : state,
    approvers,
    fourEyes,
    approvals: approvals.map(({ role, at }) => ({ role, at })),
    askedAt: row.asked_at.toISOString(),
    deadline: row.deadline.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
    reason,
  };
}
