import { type Audience, audienceMemo, type Subject } from "@suar/policy";
import { ascending, type EndReaders, Ends } from "./ends.ts";
import type { JudgeContext, ReleaseItem } from "./release-item.ts";

/** Asks policy who may see each item of one batch; remembers, since a thousand indicators differ in little. */
export class Decisions {
  readonly #context: JudgeContext;
  readonly #audiences: ReturnType<typeof audienceMemo>;
  readonly #readers = new Map<readonly Audience[], readonly number[]>();
  readonly #ends: Ends;

  constructor(context: JudgeContext, ends: EndReaders) {
    this.#context = context;
    this.#audiences = audienceMemo(context.organisations);
    this.#ends = new Ends(ends);
  }

  /** Ids of the organisations that get the item as it is, in ascending order; equal answers are one array. */
  of({ object, tlp, pap, to }: ReleaseItem): { subject: Subject; readers: readonly number[] } {
    const { producer } = this.#context;
    const ends = this.#ends.of(object);
    const subject = { type: object.type, tlp, pap, producer, to, ...(ends && { ends }) };
    const audiences = this.#audiences(subject);
    const readers = this.#readers.get(audiences) ?? ascending(plainReaders(audiences));
    this.#readers.set(audiences, readers);
    this.#ends.note(object.id, readers);
    return { subject, readers };
  }
}

/**
 * Those who get the object as it is. Outcomes with redactions or approvers have no rendition yet (their
 * rules come with governed sharing) and are left out: default deny.
 */
function plainReaders(audiences: readonly Audience[]): number[] {
  return audiences
    .filter(
      ({ outcome }) => !outcome.withheld && outcome.approvers.length === 0 && outcome.redactions.length === 0,
    )
    .flatMap(({ organisationIds }) => organisationIds);
}
