import type { Realm } from "@suar/runtime";

/** At most so many pieces of work at once; the others wait in the order in which they came. */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** Of a realm's reading connections (eight; in a drill two) exports take so many: the others are whoever looks something up's. */
const LOOKS = { live: 3, drill: 1 };

const known = new WeakMap<Realm, Turns>();

/** The looks that this process's exports take into a realm's log. */
export function looksInto(realm: Realm): Turns {
  const turns = known.get(realm) ?? new Turns(LOOKS[realm.kind]);
  known.set(realm, turns);
  return turns;
}
