import type { ReleaseContext } from "../context/release-item.ts";
import { viewHash } from "../copies/copy-ids.ts";
import { union } from "../copies/sights.ts";
import { keepsOf, type Lost, Told } from "../send/lost.ts";
import type { Loss } from "../send/take-away.ts";
import type { Anew } from "./decide-anew.ts";
import type { Ahead } from "./look-ahead.ts";

/** Readers, by renditions. */
export type Gone = ReadonlyMap<number, ReadonlySet<number>>;

/**
 * Who loses what of objects, and is told; and for whom copies are as if they had never been sent, when they are given out
 * again. `gone` begins with those to whom something was closed who were not told.
 */
export class PlannedLosses {
  readonly #gone = new Map<number, ReadonlySet<number>>();
  readonly #told = new Map<string, Told>();

  get gone(): Gone {
    return this.#gone;
  }

  /** Of these the log does not tell yet. */
  addEarly(early: Gone): void {
    for (const [rendition, readers] of early) this.#addGone(rendition, [...readers]);
  }

  /**
   * Of one object version by version, the newest first. Who was not told that a copy was closed, and keeps it after all, gets
   * it as if it had never been sent: whoever read the log meanwhile went past its entry. So does who keeps an older version
   * than one that they were told they lost.
   */
  of(context: ReleaseContext, { anew, lost: found }: Ahead): Loss[] {
    const told = this.#toldOf(anew.version.stix_id);
    for (const { sent, readers } of anew.sent.map((copy) => keepsOf(copy, found)))
      this.#addGone(sent.renditionId, told.takeLosing(sent.id, readers));
    const lost = joinLost(found, findReplaced(context, anew, this.#gone));
    for (const { sent, readers } of anew.sent.map((copy) => keepsOf(copy, lost))) told.keep(sent.id, readers);
    return lost.map(({ sent, readers }) => {
      this.#addGone(sent.renditionId, readers);
      return { anew, sent, readers, to: told.take(sent.id, readers) };
    });
  }

  #toldOf(id: string): Told {
    const told = this.#told.get(id) ?? new Told();
    this.#told.set(id, told);
    return told;
  }

  #addGone(renditionId: number, readers: readonly number[]): void {
    if (readers.length === 0) return;
    this.#gone.set(renditionId, new Set([...(this.#gone.get(renditionId) ?? []), ...readers]));
  }
}

/** Copies that are gone from readers to whom another one is due: these are told, although they could have kept them. */
function findReplaced({ gate }: ReleaseContext, { sent, decision }: Anew, gone: Gone): Lost[] {
  if (gone.size === 0) return [];
  const isDue = (reader: number, hash: string | undefined): boolean => {
    const group = decision.groups.find(({ readers }) => readers.includes(reader));
    return group !== undefined && (group.view && viewHash(gate, group.view)) === hash;
  };
  return sent.flatMap((copy) => {
    const from = gone.get(copy.renditionId);
    const readers = copy.readers.filter((one) => from?.has(one) === true && !isDue(one, copy.viewHash));
    return readers.length === 0 ? [] : [{ sent: copy, readers }];
  });
}

function joinLost(lost: readonly Lost[], more: readonly Lost[]): readonly Lost[] {
  if (more.length === 0) return lost;
  const copies = Map.groupBy([...lost, ...more], ({ sent }) => sent);
  return [...copies].map(([sent, all]) => ({
    sent,
    readers: all.map(({ readers }) => readers).reduce(union),
  }));
}
