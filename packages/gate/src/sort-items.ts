import { judge, type KnownVersion, type Verdict } from "./judge.ts";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import type { Kept } from "./store/version.ts";

/** A new version. */
export type Fresh = { item: ReleaseItem; index: number; verdict: Extract<Verdict, { kind: "new" }> };
/** Known content, perhaps for more readers than before. */
export type Again = { item: ReleaseItem; version: KnownVersion; index: number };

export type Sorted = { outcomes: ReleaseOutcome[]; fresh: Fresh[]; again: Again[]; kept: Kept[] };

/** Judges every item; the second of two equal ones in a batch is merged into the first. Pure. */
export function sortItems(
  items: readonly ReleaseItem[],
  known: ReadonlyMap<string, KnownVersion[]>,
  context: JudgeContext,
): Sorted {
  const outcomes: ReleaseOutcome[] = [];
  const fresh: Fresh[] = [];
  const again: Again[] = [];
  const kept: Kept[] = [];
  const inBatch = new Map<string, KnownVersion[]>();
  for (const [index, item] of items.entries()) {
    const id = item.object.id;
    if (item.tlp === "red") {
      outcomes.push({
        outcome: "rejected",
        id,
        code: "red-needs-people",
        reason: "TLP:RED goes to named people, who have no inbox yet",
      });
      continue;
    }
    const before = inBatch.get(id) ?? [];
    const verdict = judge(item, [...(known.get(id) ?? []), ...before], context);
    if (verdict.kind === "done") outcomes.push(verdict.outcome);
    else if (verdict.kind === "known") {
      const here = before.includes(verdict.version) || verdict.version.submission_id === context.submissionId;
      const outcome = here && context.submissionId !== null ? "merged" : "unchanged";
      outcomes.push(
        verdict.firstKept === undefined
          ? { outcome, id }
          : { outcome, id, code: "first-kept", reason: FIRST_KEPT },
      );
      if (verdict.firstKept !== undefined)
        kept.push({ stixId: id, version: verdict.version.version, hash: verdict.firstKept });
      if (!before.includes(verdict.version)) again.push({ item, version: verdict.version, index });
    } else {
      outcomes.push({ outcome: "accepted", id });
      fresh.push({ item, index, verdict });
      inBatch.set(id, [...before, pendingVersion(id, verdict, context)]);
    }
  }
  return { outcomes, fresh, again, kept };
}

const FIRST_KEPT = "The same value stands in this submission before, with other details: those were kept";

function pendingVersion(id: string, verdict: Fresh["verdict"], context: JudgeContext): KnownVersion {
  const { version, rank, hash } = verdict;
  return {
    stix_id: id,
    version,
    rank,
    content_hash: hash,
    rendition_id: 0,
    audience_id: 0,
    submission_id: context.submissionId,
    withdrawn_at: null,
    kept_over: null,
  };
}
