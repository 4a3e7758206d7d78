import type { DryRun } from "@suar/contract";
import type { Ends } from "@suar/gate";
import { decide, type Organisation, type Outcome, type Subject } from "@suar/policy";
import type { StixObject } from "@suar/stix";

export type Parties = { producer: Organisation; organisations: readonly Organisation[] };
type Allowed = { organisation: Organisation; outcome: Outcome };

/** Who would receive what, each with the reasons. Remembers decisions for each kind of subject. */
export class Receivers {
  readonly #parties: Parties;
  readonly #ends: Ends;
  readonly #decided = new Map<string, readonly Allowed[]>();
  readonly #found = new Map<string, { objects: number; reasons: Set<string> }>();

  constructor(parties: Parties, ends: Ends) {
    this.#parties = parties;
    this.#ends = ends;
  }

  take(object: StixObject, more: Pick<Subject, "tlp" | "pap" | "to">): void {
    const ends = this.#ends.of(object);
    const allowed = this.#decide({
      type: object.type,
      producer: this.#parties.producer,
      ...more,
      ...(ends && { ends }),
    });
    this.#ends.note(
      object.id,
      allowed.map(({ organisation }) => organisation.id),
    );
    for (const { organisation, outcome } of allowed) {
      const receiver = this.#found.get(organisation.code) ?? { objects: 0, reasons: new Set<string>() };
      receiver.objects += 1;
      for (const reason of outcome.reasons) receiver.reasons.add(reason.code);
      this.#found.set(organisation.code, receiver);
    }
  }

  list(): DryRun["recipients"] {
    return [...this.#found].map(([organisation, { objects, reasons }]) => ({
      organisation,
      objects,
      reasons: [...reasons],
    }));
  }

  #decide(subject: Subject): readonly Allowed[] {
    const key = JSON.stringify([subject.type, subject.tlp, subject.pap, subject.to, subject.ends]);
    const decided =
      this.#decided.get(key) ??
      this.#parties.organisations
        .map((organisation) => ({ organisation, outcome: decide(subject, organisation) }))
        .filter(({ outcome }) => !outcome.withheld);
    this.#decided.set(key, decided);
    return decided;
  }
}
