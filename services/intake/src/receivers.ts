import type { DryRun } from "@suar/contract";
import type { ReleaseContext, Send } from "@suar/gate";
import { decide, type Organisation, type Subject } from "@suar/policy";

type Receiver = { objects: number; redacted: number; reasons: Set<string> };

/** Who would receive how many of the objects, how many of these redacted, each with the reasons. */
export function listReceivers(
  sends: readonly Send[],
  context: Pick<ReleaseContext, "organisations" | "policies">,
): DryRun["recipients"] {
  const byId = new Map(context.organisations.map((one) => [one.id, one]));
  const found = new Map<Organisation, Receiver>();
  const reasonsOf = remembered(context);
  for (const { copies, subjects } of sends) {
    for (const { readers, view } of copies) {
      for (const reader of readers) {
        const organisation = byId.get(reader);
        if (organisation === undefined) continue;
        const receiver = found.get(organisation) ?? { objects: 0, redacted: 0, reasons: new Set<string>() };
        receiver.objects += 1;
        if (view !== undefined) receiver.redacted += 1;
        for (const code of reasonsOf(subjects, organisation)) receiver.reasons.add(code);
        found.set(organisation, receiver);
      }
    }
  }
  return [...found].map(([{ code }, { reasons, ...counts }]) => ({
    organisation: code,
    ...counts,
    reasons: [...reasons],
  }));
}

/** Who would receive how many of the objects once others have agreed, and who these are. */
export function listWaiting(
  sends: readonly Send[],
  { organisations }: Pick<ReleaseContext, "organisations">,
): DryRun["waiting"] {
  const codes = new Map(organisations.map(({ id, code }) => [id, code]));
  const found = new Map<number, { objects: number; approvers: Set<string> }>();
  for (const { readers, outcome } of sends.flatMap(({ asking }) => asking)) {
    for (const reader of readers) {
      const waiting = found.get(reader) ?? { objects: 0, approvers: new Set<string>() };
      waiting.objects += 1;
      for (const approver of outcome.approvers) waiting.approvers.add(approver);
      found.set(reader, waiting);
    }
  }
  return [...found].map(([id, { objects, approvers }]) => ({
    organisation: codes.get(id) ?? "",
    objects,
    approvers: [...approvers],
  }));
}

/** Why an organisation may have what was said; objects that differ in nothing but their content share it. */
function remembered({
  policies,
}: Pick<ReleaseContext, "policies">): (
  subjects: readonly Subject[],
  organisation: Organisation,
) => readonly string[] {
  const told = new Map<string, readonly string[]>();
  const context = { policies, now: Date.now(), individualsYtd: () => 0 };
  return (subjects, organisation) => {
    const key = JSON.stringify([organisation.id, subjects.map(({ producer: _, ...said }) => said)]);
    const known =
      told.get(key) ??
      subjects
        .map((subject) => decide(subject, organisation, context))
        .filter(({ withheld }) => !withheld)
        .flatMap(({ reasons }) => reasons.map(({ code }) => code));
    told.set(key, known);
    return known;
  };
}
