import { namesIn, type StixObject } from "@suar/stix";

const NONE: readonly string[] = [];

/** What the objects of one batch name; worked out once, since a judgement asks for it several times. */
export class Names {
  readonly #byObject = new Map<StixObject, readonly string[]>();
  /** Every id that any of them names. */
  readonly all: ReadonlySet<string>;

  constructor(objects: readonly StixObject[]) {
    const all = new Set<string>();
    for (const object of objects) {
      const names = namesIn(object);
      if (names.length === 0) continue;
      this.#byObject.set(object, names);
      for (const name of names) all.add(name);
    }
    this.all = all;
  }

  of(object: StixObject): readonly string[] {
    return this.#byObject.get(object) ?? NONE;
  }
}
