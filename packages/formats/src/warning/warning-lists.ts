import type { ObservableKind, ObservableValue } from "@suar/stix";
import { builtInListOf } from "./built-in-lists.ts";
import type { CompiledList } from "./compile-list.ts";
import { LookedUp } from "./looked-up.ts";

/** A list that is asked, by the name and version that a hit is told by. */
export type ActiveList = CompiledList & {
  readonly name: string;
  readonly version: number;
  /** All know of it: what was released may name it. */
  readonly isShared: boolean;
};

export type Hit = Pick<ActiveList, "name" | "version" | "isShared">;

/** The lists that count for one reader or submitter, those that are built in among them. */
export class WarningLists {
  readonly #byKind = new Map<ObservableKind, ActiveList[]>();

  constructor(lists: readonly ActiveList[]) {
    for (const list of lists)
      for (const kind of list.kinds) this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), list]);
  }

  /** The lists that a value is on. */
  hits(value: ObservableValue): Hit[] {
    const looked = new LookedUp(value);
    const builtIn = builtInListOf(value, looked);
    const lists = (this.#byKind.get(value.kind) ?? []).filter((list) => list.holds(looked));
    return [...(builtIn === undefined ? [] : [{ ...builtIn, isShared: true }]), ...lists].map(
      ({ name, version, isShared }) => ({ name, version, isShared }),
    );
  }

  /** The first of them. */
  nameOfHit(value: ObservableValue): string | undefined {
    const looked = new LookedUp(value);
    const builtIn = builtInListOf(value, looked);
    if (builtIn !== undefined) return builtIn.name;
    return this.#byKind.get(value.kind)?.find((list) => list.holds(looked))?.name;
  }
}
