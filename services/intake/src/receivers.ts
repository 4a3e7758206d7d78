import type { DryRun } from "@suar/contract";
import type { Send } from "@suar/gate";
import { decideByMarking, type Organisation, type MarkedSubject as Subject } from "@suar/policy";

type Receiver = { objects: number; redacted: number; reasons: Set<string> };

/** Who would receive how many of the objects, how many of these redacted, each with the reasons. */
export function listReceivers(
  sends: readonly Send[],
  organisations: readonly Organisation[],
): DryRun["recipients"] {
  const byId = new Map(organisations.map((one) => [one.id, one]));
  const found = new Map<Organisation, Receiver>();
  const reasonsOf = remembered();
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

/** Why an organisation may have what was said; objects that differ in nothing but their content share it. */
function remembered(): (subjects: readonly Subject[], organisation: Organisation) => readonly string[] {
  const told = new Map<string, readonly string[]>();
  return (subjects, organisation) => {
    const said = subjects.map(({ type, tlp, pap, to, ends }) => [type, tlp, pap, to, ends]);
    const key = JSON.stringify([organisation.id, said]);
    const known = told.get(key) ?? permissions(subjects, organisation);
    told.set(key, known);
    return known;
  };
}

function permissions(subjects: readonly Subject[], organisation: Organisation): string[] {
  return subjects
    .map((subject) => decideByMarking(subject, organisation))
    .filter(({ withheld }) => !withheld)
    .flatMap(({ reasons }) => reasons.map(({ code }) => code));
}
