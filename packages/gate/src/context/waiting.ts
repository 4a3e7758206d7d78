/** An id, and one that its object names: where both wait, the one that is named comes first. */
export type Naming = { name: string; stix_id: string };

/**
 * Ids that wait to be decided anew, the named before the naming: what names many things that change one after the other is
 * decided once, when the last of them is done. Where all that wait name each other, the first that came goes first.
 */
export class Waiting {
  readonly #ids: Set<string>;
  /** By what names it. */
  readonly #names = new Map<string, Set<string>>();
  readonly #namedBy = new Map<string, Set<string>>();

  constructor(ids: Iterable<string>) {
    this.#ids = new Set(ids);
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Those among these that did not wait yet. */
  add(ids: Iterable<string>): string[] {
    const added = [...ids].filter((id) => !this.#ids.has(id));
    for (const id of added) this.#ids.add(id);
    return added;
  }

  learn(namings: Iterable<Naming>): void {
    for (const { name, stix_id: by } of namings) {
      if (name === by) continue;
      this.#names.set(by, (this.#names.get(by) ?? new Set()).add(name));
      this.#namedBy.set(name, (this.#namedBy.get(name) ?? new Set()).add(by));
    }
  }

  /** Some that name nothing that waits, so that they may be decided together. */
  take(most: number): string[] {
    const free: string[] = [];
    for (const id of this.#ids) {
      if ((this.#names.get(id)?.size ?? 0) === 0) free.push(id);
      if (free.length === most) break;
    }
    const taken = free.length === 0 ? this.ids.slice(0, 1) : free;
    for (const id of taken) this.drop(id);
    return taken;
  }

  /** It waits no more. */
  drop(id: string): void {
    if (!this.#ids.delete(id)) return;
    for (const by of this.#namedBy.get(id) ?? []) this.#names.get(by)?.delete(id);
  }
}
