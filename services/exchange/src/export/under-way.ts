import { AppError } from "@suar/contract";

/**
 * Exports that a process makes at once: for one organisation, for a member with its agencies, and for all. The last is as
 * many as the twelve members may have, so that nobody is refused for another's sake.
 */
const MOST = { ofOrganisation: 4, ofMember: 8, inAll: 96 };

/** How many exports are under way, by whom they are for: who reads many at once leaves room for the others. */
export class UnderWay {
  readonly #counts = new Map<string, number>();

  /** Throws `too-many-at-once`; what is returned ends it, once. */
  begin({ id, member }: { id: number; member: string }): () => void {
    const bounds: [string, number][] = [
      [`organisation ${id}`, MOST.ofOrganisation],
      [`member ${member}`, MOST.ofMember],
      ["all", MOST.inAll],
    ];
    if (bounds.some(([of, most]) => this.#of(of) >= most))
      throw new AppError("too-many-at-once", "Wait for an export that is under way");
    for (const [of] of bounds) this.#add(of, 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      for (const [of] of bounds) this.#add(of, -1);
    };
  }

  #of(of: string): number {
    return this.#counts.get(of) ?? 0;
  }

  #add(of: string, n: 1 | -1): void {
    const count = this.#of(of) + n;
    if (count === 0) this.#counts.delete(of);
    else this.#counts.set(of, count);
  }
}
