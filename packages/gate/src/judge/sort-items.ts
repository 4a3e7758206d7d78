import { NO_LIMITS, ownMarkings } from "@suar/policy";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { FORM } from "../entry/stated.ts";
import type { Kept } from "../store/version.ts";
import { judge, type KnownVersion, type Verdict } from "./judge.ts";
import { underMarking } from "./marked.ts";

type NewVerdict = Extract<Verdict, { kind: "new" }>;

/** A new version; `also` has those that say the very same in the same batch, perhaps to others. */
export type Fresh = {
  kind: "fresh";
  item: ReleaseItem;
  also: ReleaseItem[];
  index: number;
  verdict: NewVerdict;
};
/** Known content, perhaps for more readers than before. */
export type Again = { kind: "again"; item: ReleaseItem; index: number; version: KnownVersion };

/** `stated` has what may have to be sent; outcomes and what is stated stand in the items' order. */
export type Sorted = { outcomes: ReleaseOutcome[]; stated: (Fresh | Again)[]; kept: Kept[] };

/** Judges every item; the second of two equal ones in a batch is merged into the first. Pure. */
export function sortItems(
  items: readonly ReleaseItem[],
  known: ReadonlyMap<string, KnownVersion[]>,
  context: JudgeContext,
): Sorted {
  const sorted: Sorted = { outcomes: [], stated: [], kept: [] };
  const inBatch = new Map<string, Pending[]>();
  for (const [index, item] of items.entries()) {
    const id = item.object.id;
    if (item.tlp === "red") {
      sorted.outcomes.push({ outcome: "rejected", id, code: "red-needs-people", reason: NO_INBOX });
      continue;
    }
    const before = inBatch.get(id) ?? [];
    const ours = before.map(({ version }) => version);
    const versions = [...(known.get(id) ?? []), ...ours];
    const verdict = judge(item, versions, context);
    if (verdict.kind === "done") sorted.outcomes.push(verdict.outcome);
    else if (verdict.kind === "new") {
      sorted.outcomes.push({ outcome: "accepted", id, ...(verdict.movesCreated && CREATED_DIFFERS) });
      const marked = underMarking(item, versions[0]?.marked);
      if (marked !== item) sorted.outcomes[index] = { outcome: "accepted", id, ...HELD_NARROWER };
      const fresh: Fresh = { kind: "fresh", item: marked, also: [], index, verdict };
      sorted.stated.push(fresh);
      inBatch.set(id, [...before, { fresh, version: pendingVersion(item, verdict, context) }]);
    } else {
      const here = before.find(({ version }) => version === verdict.version)?.fresh;
      sortKnown(sorted, { item: underLatest(item, versions), index, verdict, here }, context);
    }
  }
  return sorted;
}

/**
 * Said again, it is under no weaker marking than what its producer said of it last: who narrowed it since does not undo
 * that by repeating what was.
 */
function underLatest(item: ReleaseItem, versions: readonly KnownVersion[]): ReleaseItem {
  const live = versions.filter(({ withdrawn_at: at }) => at === null);
  const latest = live.toSorted((a, b) => b.rank - a.rank)[0];
  const { tlp, pap } = ownMarkings(item, { tlp: latest?.tlp, pap: latest?.pap ?? undefined });
  const isAsLatest = tlp === item.tlp && pap === item.pap;
  const stricter = isAsLatest ? item : { ...item, tlp: tlp ?? item.tlp, pap };
  return underMarking(stricter, versions[0]?.marked);
}

const NO_INBOX = "TLP:RED goes to named people, and to them alone";
const CREATED_DIFFERS = {
  code: "created-differs",
  reason:
    "You stated it as created at another time before, which no new version may change; it was taken as it is",
} as const;
const HELD_NARROWER = {
  code: "held-narrower",
  reason:
    "You gave this id a narrower marking since, which holds for its new versions until you change that marking itself",
} as const;
const FIRST_KEPT =
  "This submission says other things of the same value, under the same or a stricter marking: those were kept";

type Pending = { fresh: Fresh; version: KnownVersion };

type KnownItem = {
  item: ReleaseItem;
  index: number;
  verdict: Extract<Verdict, { kind: "known" | "kept" }>;
  /** Set when the version is this very batch's. */
  here: Fresh | undefined;
};

function sortKnown(
  { outcomes, stated, kept }: Sorted,
  { item, index, verdict, here }: KnownItem,
  { submissionId }: JudgeContext,
): void {
  const { id } = item.object;
  const { version } = verdict;
  const isOurs = submissionId !== null && (here !== undefined || version.submission_id === submissionId);
  const outcome = isOurs ? "merged" : "unchanged";
  if (verdict.kind === "kept" && verdict.over !== undefined) {
    outcomes.push({ outcome, id, code: "first-kept", reason: FIRST_KEPT });
    kept.push({ stixId: id, version: version.version, hash: verdict.over });
  } else outcomes.push({ outcome, id });
  // Only who says the same again can mean it for more: what was kept instead has a marking of its own.
  if (verdict.kind !== "known") return;
  if (here === undefined) stated.push({ kind: "again", item, index, version });
  else here.also.push(item);
}

function pendingVersion(
  { kind, object, tlp, pap, limits }: ReleaseItem,
  verdict: NewVerdict,
  context: JudgeContext,
): KnownVersion {
  const { version, rank, hash, lineage } = verdict;
  return {
    stix_id: object.id,
    version,
    rank,
    tlp,
    pap: pap ?? null,
    content_hash: hash,
    rendition_id: 0,
    audience_id: 0,
    submission_id: context.submissionId,
    withdrawn_at: null,
    ...lineage,
    keptOver: new Set(),
    many: 0,
    first_rank: rank,
    redactions: [],
    named: null,
    community: false,
    is_victims: false,
    limits: limits ?? NO_LIMITS,
    kind,
    form: FORM,
    first_said: null,
  };
}
