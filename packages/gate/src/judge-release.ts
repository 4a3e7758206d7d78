import type { Subject } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import { Decisions } from "./decisions.ts";
import { endsOf } from "./ends.ts";
import { type Known, readKnown } from "./known.ts";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import { type Again, type Fresh, sortItems } from "./sort-items.ts";
import { selectAudience } from "./store/audience.ts";
import type { Kept } from "./store/version.ts";

/** Something that goes to readers: a new version, or a known one that its originator now addresses to more. */
export type Send = { subject: Subject; readers: readonly number[] } & (
  | (Fresh & { kind: "fresh" })
  | (Again & { kind: "again"; before: readonly number[] })
);

/** What a release would be, and what that rests on. */
export type JudgedRelease = {
  known: Known;
  /** In the items' order. */
  outcomes: ReleaseOutcome[];
  kept: Kept[];
  /** Relationships last: who may see them depends on who may see their ends. */
  sends: Send[];
};

/**
 * Judges each item against what its producer stated before, and asks policy who gets it. Reads and writes
 * nothing: a dry run is this, and a release begins with it.
 */
export async function judgeRelease(
  db: Queryable,
  context: JudgeContext,
  items: readonly ReleaseItem[],
): Promise<JudgedRelease> {
  const known = await readKnown(db, context.producer.id, items);
  const { outcomes, fresh, again, kept } = sortItems(items, known.versions, context);
  const members = await selectAudience(db, [...new Set(again.map(({ version }) => version.audience_id))]);
  const decisions = new Decisions(context, known.ends);
  const sends: Send[] = [];
  for (const ties of [false, true]) {
    const isNow = ({ item }: { item: ReleaseItem }): boolean => endsOf(item.object).length > 0 === ties;
    for (const one of fresh.filter(isNow)) sends.push({ kind: "fresh", ...one, ...decisions.of(one.item) });
    for (const one of again.filter(isNow)) {
      const before = members.get(one.version.audience_id) ?? [];
      const { subject, readers } = decisions.of(one.item);
      const more = readers.filter((id) => !before.includes(id));
      if (more.length === 0) continue;
      sends.push({ kind: "again", ...one, subject, readers: more, before });
      outcomes[one.index] = { outcome: "accepted", id: one.item.object.id, code: "shared-further" };
    }
  }
  return { known, outcomes, kept, sends };
}
