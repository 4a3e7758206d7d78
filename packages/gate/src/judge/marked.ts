import { ownMarkings } from "@suar/policy";
import type { Pap, Tlp } from "@suar/stix";

/**
 * What an originator said of an id's marking after it had stated it. It holds for all versions, later ones too: what is
 * stated again, by hand or by a feed, does not undo it.
 */
export type Marked = {
  tlp: Tlp;
  pap: Pap | null;
  /** Nobody else has it. Null: for the community, or, where that is false too, nothing was said of it. */
  named: readonly string[] | null;
  community: boolean;
  /** How often it was changed. */
  revision: number;
};

type Said = { tlp: Tlp; pap?: Pap | undefined; to: readonly string[] };

/** What is said, as far as its originator's marking of the id lets it; itself where that is narrower already. */
export function underMarking<S extends Said>(said: S, marked: Marked | null | undefined): S {
  if (marked === null || marked === undefined) return said;
  const { tlp = said.tlp, pap } = ownMarkings(said, { tlp: marked.tlp, pap: marked.pap ?? undefined });
  const to = within(said.to, marked);
  if (tlp === said.tlp && pap === said.pap && to === said.to) return said;
  return { ...said, tlp, pap, to };
}

/**
 * Where none is left it is its producer's alone: to name nobody would be to name the community, and to name its producer
 * to name that one's agencies.
 */
function within(to: readonly string[], { named }: Marked): readonly string[] {
  if (named === null) return to;
  if (to.length === 0) return named;
  const left = to.filter((one) => named.includes(one));
  if (left.length === to.length) return to;
  return left.length === 0 ? NO_ONE : left;
}

/** No organisation has this code. */
const NO_ONE: readonly string[] = ["nobody"];
