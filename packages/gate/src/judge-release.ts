import type { MarkedSubject as Subject } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { keyedId, typeOfId } from "@suar/stix";
import type { View } from "./copies.ts";
import { Decisions } from "./decisions.ts";
import { type Known, readKnown } from "./known.ts";
import { Names } from "./names.ts";
import { referencedFirst } from "./order.ts";
import { shownId, viewHash } from "./redaction.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import type { Readers } from "./sights.ts";
import { type Again, type Fresh, sortItems } from "./sort-items.ts";
import { selectAudience } from "./store/audience.ts";
import type { Kept } from "./store/version.ts";

/** A copy that goes to readers: the object as it is, or, under a view, redacted and with an id of its own. */
export type SentCopy = {
  id: string;
  readers: Readers;
  view: View | undefined;
  /** Set when readers had this very copy before. */
  sent?: { renditionId: number; readers: Readers };
};

/** Something that goes to readers: a new version, or a known one that its originator now addresses to more. */
export type Send = { subjects: readonly Subject[]; copies: readonly SentCopy[] } & (Fresh | Again);

/** What a release would be, and what that rests on. */
export type JudgedRelease = {
  names: Names;
  known: Known;
  /** In the items' order. */
  outcomes: ReleaseOutcome[];
  kept: Kept[];
  /** The referenced before the referring: who may see these depends on who may see those. */
  sends: Send[];
};

/**
 * Judges each item against what its producer stated before, and asks policy who gets it, in which copies. Reads
 * and writes nothing else: a dry run is this, and a release begins with it.
 */
export async function judgeRelease(
  db: Queryable,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<JudgedRelease> {
  const names = new Names(items.map(({ object }) => object));
  const known = await readKnown(db, context, items, names);
  const { outcomes, stated, kept } = sortItems(items, known.versions, context);
  const sentBefore = await readSent(db, stated);
  const decisions = new Decisions(context, known.sights, names);
  const otherId = (taken: string, view: string): string =>
    keyedId(context.gate.renditionMac, typeOfId(taken), taken, view);
  const sends: Send[] = [];
  for (const one of referencedFirst(stated, names)) {
    const { id } = one.item.object;
    const { subjects, groups } = decisions.of(one.item, one.kind === "fresh" ? one.also : []);
    const all = groups.map(({ readers, view }): SentCopy => {
      return { id: view === undefined ? id : shownId(context, one.item.object, readers), readers, view };
    });
    const copies = one.kind === "fresh" ? all : toSend(all, sentBefore(one), otherId);
    if (names.all.has(id)) decisions.note(id, copies);
    if (copies.length === 0) continue;
    sends.push({ ...one, subjects, copies });
    if (one.kind === "again")
      outcomes[one.index] = { outcome: "accepted", id: one.item.object.id, code: "shared-further" };
  }
  return { names, known, outcomes, kept, sends };
}

/** A copy that readers have, with the hash of its view; without one, the whole object. */
type SentBefore = { id: string; view?: string; renditionId: number; readers: Readers };

async function readSent(
  db: Queryable,
  stated: readonly (Fresh | Again)[],
): Promise<(one: Again) => SentBefore[]> {
  const ids = new Set<number>();
  for (const one of stated) {
    if (one.kind === "fresh") continue;
    ids.add(one.version.audience_id);
    for (const { audience_id } of one.version.redactions) ids.add(audience_id);
  }
  const audiences = await selectAudience(db, [...ids]);
  const readersOf = (id: number): Readers => audiences.get(id) ?? [];
  return ({ version }) => [
    { id: version.stix_id, renditionId: version.rendition_id, readers: readersOf(version.audience_id) },
    ...version.redactions.map((one) => ({
      id: one.shown_id,
      view: one.view,
      renditionId: one.rendition_id,
      readers: readersOf(one.audience_id),
    })),
  ];
}

/** Of the copies of a known version, those that are new to somebody. Who has the whole of it needs no other. */
function toSend(
  copies: readonly SentCopy[],
  before: readonly SentBefore[],
  otherId: (id: string, view: string) => string,
): SentCopy[] {
  const [whole] = before;
  return copies.flatMap((copy) => {
    const view = copy.view === undefined ? undefined : viewHash(copy.view).toString("hex");
    const sent = before.find((one) => one.view === view);
    const have = new Set([...(whole?.readers ?? []), ...(sent?.readers ?? [])]);
    const readers = copy.readers.filter((reader) => !have.has(reader));
    if (readers.length === 0) return [];
    if (sent !== undefined) return [{ ...copy, id: sent.id, readers, sent }];
    // With other content the same id and modified would be another object to those who have the first.
    const isTaken = view !== undefined && before.some(({ id }) => id === copy.id);
    return [{ ...copy, id: isTaken ? otherId(copy.id, view) : copy.id, readers }];
  });
}
