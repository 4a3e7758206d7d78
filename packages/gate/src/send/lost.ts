import { mapReferences, namesIn, type StixObject } from "@suar/stix";
import type { Anew } from "../anew/decide-anew.ts";
import type { SentCopyBefore } from "../anew/sent-before.ts";
import type { Readers } from "../copies/sights.ts";

/** A copy, and who loses or keeps it. */
export type Lost = { sent: SentCopyBefore; readers: Readers };

/** The renditions of a version whose bodies are asked for: of the whole one it has that itself. */
export function copiesSent({ sent }: Pick<Anew, "sent">): number[] {
  return sent.slice(1).map(({ renditionId }) => renditionId);
}

/** Of each copy, those who may have that copy no more. */
export function lostOf(
  { item, decision, sent }: Anew,
  bodies: ReadonlyMap<number, { body: string }>,
): Lost[] {
  return sent.flatMap((copy): Lost[] => {
    const body = bodies.get(copy.renditionId)?.body;
    const held = copy.viewHash === undefined ? item.object : body && (JSON.parse(body) as StixObject);
    const mayKeep = remembered((due: StixObject) => held === due || (held && saysNoMore(held, due)) === true);
    const readers = copy.readers.filter((reader) => {
      const group = decision.groups.find((one) => one.readers.includes(reader));
      return group === undefined || !mayKeep(group.copy ?? item.object);
    });
    return readers.length === 0 ? [] : [{ sent: copy, readers }];
  });
}

function remembered(ask: (due: StixObject) => boolean): (due: StixObject) => boolean {
  const known = new Map<StixObject, boolean>();
  return (due) => {
    const answer = known.get(due) ?? ask(due);
    known.set(due, answer);
    return answer;
  };
}

export function keepsOf(sent: SentCopyBefore, lost: readonly Lost[]): Lost {
  const gone = lost.find((one) => one.sent === sent)?.readers ?? [];
  return { sent, readers: sent.readers.filter((reader) => !gone.includes(reader)) };
}

/**
 * Of the versions of an object, the newest first: who need not be told of an id, since they were, or have a newer version
 * of it; and who was told.
 */
export class Told {
  readonly #of = new Map<string, Set<number>>();
  readonly #losing = new Map<string, Set<number>>();

  keep(id: string, readers: Readers): void {
    const told = this.#of.get(id) ?? new Set();
    for (const reader of readers) told.add(reader);
    this.#of.set(id, told);
  }

  /** Those who are still to be told, who are told then. */
  take(id: string, readers: Readers): Readers {
    const left = readers.filter((reader) => this.#of.get(id)?.has(reader) !== true);
    this.keep(id, left);
    this.#losing.set(id, new Set([...(this.#losing.get(id) ?? []), ...left]));
    return left;
  }

  /**
   * Of who keeps an older version, those who were told that a newer one of the id is theirs no more: for all that they know
   * nothing of it is left. Each once.
   */
  takeLosing(id: string, readers: Readers): Readers {
    const losing = this.#losing.get(id);
    return readers.filter((reader) => losing?.delete(reader) === true);
  }
}

/** A copy from before may stay where it has the same words, and names nothing that the one that is due does not. */
function saysNoMore(held: StixObject, due: StixObject): boolean {
  const names = new Set(namesIn(due));
  return namesIn(held).every((name) => names.has(name)) && wordsOf(held) === wordsOf(due);
}

function wordsOf(object: StixObject): string {
  const { id: _, ...words } = mapReferences(object, () => undefined);
  return JSON.stringify(words);
}
