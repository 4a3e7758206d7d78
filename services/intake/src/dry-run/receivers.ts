import type { DryRun, ToldName } from "@suar/contract";
import { asProducer, type Decisions, type ReleaseContext, type Send, tellOutcome, toldOf } from "@suar/gate";
import { type Organisation, subjectKey } from "@suar/policy";

type Context = Pick<ReleaseContext, "organisations" | "producer">;
type Receiver = { told: ToldName; objects: number; redacted: number; reasons: Set<string> };

/**
 * Who would receive how many of the objects, how many of these redacted, each with the reasons. Which agencies another
 * member has is not told, but for those that the submitter named.
 */
export function listReceivers(
  sends: readonly Send[],
  decisions: Decisions,
  context: Context,
): DryRun["recipients"] {
  const found = new Map<Organisation, Receiver>();
  const reasonsOf = remembered(decisions);
  for (const send of sends) {
    const like = send.subjects.map(subjectKey).join();
    for (const { readers, view } of send.copies) {
      for (const { organisation, told } of toldAmong(readers, send, context)) {
        const receiver = found.get(organisation) ?? {
          told,
          objects: 0,
          redacted: 0,
          reasons: new Set<string>(),
        };
        receiver.objects += 1;
        if (view !== undefined) receiver.redacted += 1;
        for (const code of reasonsOf(send, like, organisation)) receiver.reasons.add(code);
        found.set(organisation, receiver);
      }
    }
  }
  return [...found.values()].map(({ told, reasons, ...counts }) => ({
    organisation: told,
    ...counts,
    reasons: [...reasons],
  }));
}

/** Who would receive how many of the objects once others have agreed, and who these are. */
export function listWaiting(sends: readonly Send[], context: Context): DryRun["waiting"] {
  const found = new Map<ToldName, { objects: number; approvers: Set<string> }>();
  for (const send of sends) {
    for (const { readers, outcome } of send.asking) {
      for (const { told } of toldAmong(readers, send, context)) {
        const waiting = found.get(told) ?? { objects: 0, approvers: new Set<string>() };
        waiting.objects += 1;
        for (const approver of outcome.approvers) waiting.approvers.add(approver);
        found.set(told, waiting);
      }
    }
  }
  return [...found].map(([organisation, { objects, approvers }]) => ({
    organisation,
    objects,
    approvers: [...approvers],
  }));
}

function toldAmong(
  readers: readonly number[],
  { subjects }: Send,
  { organisations, producer }: Context,
): ReturnType<typeof toldOf<Organisation>> {
  const among = organisations.filter(({ id }) => readers.includes(id));
  return toldOf(among, asProducer(producer, subjects));
}

/** Why an organisation may have what was said; objects that differ in nothing but their content share it. */
function remembered(
  decisions: Decisions,
): (send: Send, like: string, organisation: Organisation) => readonly string[] {
  const told = new Map<string, readonly string[]>();
  return (send, like, organisation) => {
    const key = `${organisation.id} ${like}`;
    const known =
      told.get(key) ?? tellOutcome(send, decisions, organisation).outcome.reasons.map(({ code }) => code);
    told.set(key, known);
    return known;
  };
}
