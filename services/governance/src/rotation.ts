/** So that of many nobody starves another: whoever had a turn goes behind all who wait, whenever they come. */
export class Rotation<T> {
  /** One of each who ever had one: there are only so many producers. */
  readonly #last = new Map<T, number>();
  #turns = 0;

  /** Who never had a turn comes before all others, in the order given. */
  order(waiting: readonly T[]): T[] {
    const turnOf = (one: T): number => this.#last.get(one) ?? 0;
    return waiting.toSorted((a, b) => turnOf(a) - turnOf(b));
  }

  hadTurn(one: T): void {
    this.#turns += 1;
    this.#last.set(one, this.#turns);
  }
}
