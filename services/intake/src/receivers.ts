import type { DryRun } from "@suar/contract";
import type { Send } from "@suar/gate";
import { decide, type Organisation } from "@suar/policy";

/** Who would receive how many of the objects, each with the reasons. */
export function listReceivers(
  sends: readonly Send[],
  organisations: readonly Organisation[],
): DryRun["recipients"] {
  const byId = new Map(organisations.map((one) => [one.id, one]));
  const found = new Map<string, { objects: number; reasons: Set<string> }>();
  // Sends that differ in nothing but the object share one list of readers.
  const reasonsOf = remember(({ subject, readers }: Send) => {
    return readers.flatMap((id) => {
      const organisation = byId.get(id);
      if (organisation === undefined) return [];
      return [{ code: organisation.code, reasons: decide(subject, organisation).reasons }];
    });
  });
  for (const send of sends) {
    for (const { code, reasons } of reasonsOf(send)) {
      const receiver = found.get(code) ?? { objects: 0, reasons: new Set<string>() };
      receiver.objects += 1;
      for (const reason of reasons) receiver.reasons.add(reason.code);
      found.set(code, receiver);
    }
  }
  return [...found].map(([organisation, { objects, reasons }]) => ({
    organisation,
    objects,
    reasons: [...reasons],
  }));
}

function remember<Value>(make: (send: Send) => Value): (send: Send) => Value {
  const made = new Map<string, Value>();
  return (send) => {
    const { type, tlp, pap, to, ends } = send.subject;
    const key = JSON.stringify([type, tlp, pap, to, ends, send.readers]);
    const value = made.get(key) ?? make(send);
    made.set(key, value);
    return value;
  };
}
