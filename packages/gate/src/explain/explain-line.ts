import type { ToldName } from "@suar/contract";
import type { Organisation, Outcome, Reason } from "@suar/policy";
import type { Anew } from "../anew/decide-anew.ts";
import type { SentCopyBefore } from "../anew/sent-before.ts";
import type { ReleaseContext } from "../context/release-item.ts";
import { viewHash } from "../copies/copy-ids.ts";
import type { Decided } from "../decide/decided.ts";
import type { KnownVersion } from "../judge/judge.ts";
import type { AskedRow, EntryRow } from "../store/explained.ts";
import { type ToldOutcome, tellOutcome, tellPolicy } from "./tell-outcome.ts";
import { anyAgencyOf } from "./told-as.ts";

/**
 * What came of it for one recipient: it has it; it was taken back; access to it has ended; it waits for others to agree,
 * who refused, or did not answer in time; or it was never sent.
 */
type LineState = "released" | "withdrawn" | "closed" | "waits" | "refused" | "lapsed" | "not-sent";

export type ExplainedLine = {
  organisation: Organisation;
  /** The name under which the producer is told of it. */
  told: ToldName;
  state: LineState;
  /** As it would be decided at this moment; undefined for what was withdrawn and for who was removed. */
  now: ToldOutcome | undefined;
  /** Where the recipient is another member's CERT: what policy says of agencies of its, whichever it has. */
  agencies: ToldOutcome | undefined;
  /** As it was decided when it was sent last. */
  kept: KeptOutcome | undefined;
  /** What the recipient was told last, and under which id; undefined before it is logged, and where it was told nothing. */
  entry: Pick<EntryRow, "seq" | "at" | "kind" | "shown_id"> | undefined;
  /** What was asked for it, the newest last. */
  asked: readonly AskedRow[];
  /** What is in force now differs from what was done: the recipient would get more, or less, or another copy. */
  differs: boolean;
};

/** A decision as it was kept. */
export type KeptOutcome = Omit<Decided, "reasons"> & { reasons: readonly Reason[] };

/** What was sent of a version, who of these can read it, what the log says of it, and what was asked. */
export type History = {
  sent: readonly SentCopyBefore[];
  entries: readonly (EntryRow & { readers: ReadonlySet<number> })[];
  asked: readonly AskedRow[];
  /** Whether anything of it was ever sent to an organisation. */
  has(organisationId: number): boolean;
};

type Facts = { context: ReleaseContext; history: History; anew: Anew | undefined };

export function lineOf(
  organisation: Organisation,
  version: KnownVersion,
  facts: Facts,
): Omit<ExplainedLine, "told"> {
  const { history } = facts;
  const { id } = organisation;
  const entries = history.entries.filter(({ readers }) => readers.has(id));
  const asked = history.asked.filter(({ organisations }) => organisations.includes(id));
  const body = entries.findLast(({ decision }) => decision !== null)?.decision;
  const kept = body == null ? undefined : (JSON.parse(body) as KeptOutcome);
  const state = stateOf(id, version, history, asked);
  const now = tellNow(organisation, facts);
  return {
    organisation,
    state,
    now,
    agencies: tellAgencies(organisation, facts),
    kept,
    entry: entries.at(-1),
    asked,
    // Where nobody reads for it nothing is ever sent, whatever policy says.
    differs:
      facts.context.organisations.some((one) => one.id === id) &&
      isOther({ organisation, state, now, kept }, facts),
  };
}

function stateOf(
  id: number,
  version: KnownVersion,
  { sent, has }: History,
  asked: readonly AskedRow[],
): LineState {
  if (version.withdrawn_at !== null && has(id)) return "withdrawn";
  if (sent.some(({ readers }) => readers.includes(id))) return "released";
  const last = asked.at(-1);
  // Nobody may agree any more once its time is over, whether somebody has said so yet or not.
  if (last?.state === "pending" && !last.is_over) return "waits";
  if (has(id)) return "closed";
  if (last === undefined || last.state === "approved") return "not-sent";
  return last.state === "refused" ? "refused" : "lapsed";
}

function tellNow(organisation: Organisation, { context, anew }: Facts): ToldOutcome | undefined {
  if (anew === undefined) return undefined;
  const { decision, decisions } = anew;
  const decided = context.organisations.find(({ id }) => id === organisation.id);
  if (decided !== undefined) return tellOutcome(decision, decisions, decided);
  return organisation.kind === "public" ? tellPolicy(decision.subjects, decisions, organisation) : undefined;
}

function tellAgencies(organisation: Organisation, { context, anew }: Facts): ToldOutcome | undefined {
  const { id, kind, member } = organisation;
  if (anew === undefined || kind !== "cert" || member === context.producer.member) return undefined;
  const cert = context.organisations.find((one) => one.id === id);
  if (cert === undefined) return undefined;
  const agency = anyAgencyOf(cert);
  return context.gate.admits(agency) ? tellPolicy(anew.decision.subjects, anew.decisions, agency) : undefined;
}

type Line = Pick<ExplainedLine, "organisation" | "state" | "now" | "kept">;

/** What was approved needs no second approval: of it the copy alone is compared. */
function isOther({ organisation, state, now, kept }: Line, facts: Facts): boolean {
  if (now === undefined) return false;
  const { outcome, isEmptied } = now;
  const isLet = !outcome.withheld && !isEmptied;
  if (state !== "released") return isLet && outcome.approvers.length === 0;
  if (!isLet || (outcome.approvers.length > 0 && kept?.approved === undefined)) return true;
  return !hasDue(organisation.id, outcome, facts);
}

/** Whether the copy that is due is one that it has: the same is left out of it, and it names the same. */
function hasDue(id: number, outcome: Outcome, { context, history, anew }: Facts): boolean {
  if (anew === undefined) return true;
  const { decision, decisions, item } = anew;
  const group =
    decision.groups.find(({ readers }) => readers.includes(id)) ??
    decisions.group(item.object, [{ readers: [id], outcome }], decision.victims)[0];
  if (group === undefined) return false;
  const due = group.view && viewHash(context.gate, group.view);
  const held = history.sent.flatMap((copy) => (copy.readers.includes(id) ? [copy.viewHash] : []));
  // Whoever has the whole has more than any copy.
  return held.includes(due) && (due === undefined || !held.includes(undefined));
}
