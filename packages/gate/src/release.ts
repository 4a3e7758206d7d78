import { type Audience, audienceMemo } from "@suar/policy";
import type { PoolClient } from "@suar/runtime";
import { judge, type KnownVersion, type Verdict } from "./judge.ts";
import { entryLeaf } from "./leaf.ts";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";
import {
  insertEnvelope,
  insertObservables,
  insertRenditions,
  insertVersions,
  internAudience,
  type Kept,
  lockProducer,
  type NewVersion,
  noteKept,
  renditionIds,
  type SealedEntry,
  selectAudience,
  selectVersions,
  widenVersions,
} from "./store.ts";

/** The most objects of one transaction (DESIGN 1.2). */
export const MOST_RELEASED_AT_ONCE = 1_000;

/**
 * The only writer of releases. In the caller's transaction it judges each item against what its producer
 * stated before, decides who may see it, writes versions, renditions and audiences, and seals one envelope
 * for the pen. Outcomes come in the items' order. The caller commits, then hints `channels.release`.
 */
export async function release(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<ReleaseOutcome[]> {
  if (items.length > MOST_RELEASED_AT_ONCE)
    throw new RangeError(`at most ${MOST_RELEASED_AT_ONCE} objects a transaction`);
  await lockProducer(db, context.realm, context.producer.id);
  const known = await selectVersions(db, context.producer.id, [
    ...new Set(items.map((item) => item.object.id)),
  ]);
  const { outcomes, fresh, again, kept } = sort(items, known, context);
  const audiences = audienceMemo(context.organisations);
  const entries = [
    ...(await writeNew(db, context, fresh, audiences)),
    ...(await shareFurther(db, context, again, audiences, outcomes)),
  ];
  if (kept.length > 0) await noteKept(db, context.producer.id, kept);
  await insertEnvelope(db, entries);
  return outcomes;
}

type Fresh = { item: ReleaseItem; verdict: Extract<Verdict, { kind: "new" }> };
type Again = { item: ReleaseItem; version: KnownVersion; index: number };

/** Judges every item; the second of two equal ones in a batch is merged into the first. */
function sort(
  items: readonly ReleaseItem[],
  known: ReadonlyMap<string, KnownVersion[]>,
  context: ReleaseContext,
) {
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
      fresh.push({ item, verdict });
      inBatch.set(id, [...before, pendingVersion(id, verdict, context)]);
    }
  }
  return { outcomes, fresh, again, kept };
}

const FIRST_KEPT = "The same value stands in this submission before, with other details: those were kept";

function pendingVersion(id: string, verdict: Fresh["verdict"], context: ReleaseContext): KnownVersion {
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

async function writeNew(
  db: PoolClient,
  context: ReleaseContext,
  fresh: readonly Fresh[],
  audiences: ReturnType<typeof audienceMemo>,
): Promise<SealedEntry[]> {
  if (fresh.length === 0) return [];
  const producer = context.producer.id;
  const interned = new Map<readonly Audience[], number>();
  const ids = await renditionIds(db, fresh.length);
  const rows: NewVersion[] = [];
  for (const [index, { item, verdict }] of fresh.entries()) {
    const decided = decide(item, context, audiences);
    const audienceId = interned.get(decided) ?? (await internAudience(db, plainReaders(decided)));
    interned.set(decided, audienceId);
    rows.push(newVersion(item, verdict, ids[index] ?? 0, audienceId));
  }
  await insertVersions(db, producer, context.submissionId, rows);
  await insertRenditions(db, producer, rows);
  const keys = fresh.flatMap(({ item }, index) =>
    item.keys.map((key) => ({ key, rendition: ids[index] ?? 0 })),
  );
  await insertObservables(
    db,
    keys.map(({ key }) => key),
    keys.map(({ rendition }) => rendition),
  );
  return rows.map((row, index) => seal(context, fresh[index]?.item.kind ?? "released", row));
}

/** Known content that its originator now addresses to more organisations: a new entry for those alone. */
async function shareFurther(
  db: PoolClient,
  context: ReleaseContext,
  again: readonly Again[],
  audiences: ReturnType<typeof audienceMemo>,
  outcomes: ReleaseOutcome[],
): Promise<SealedEntry[]> {
  if (again.length === 0) return [];
  const members = await selectAudience(db, [...new Set(again.map(({ version }) => version.audience_id))]);
  const entries: SealedEntry[] = [];
  const widened: { stixId: string; version: string; audienceId: number }[] = [];
  const interned = new Map<string, number>();
  const intern = async (ids: readonly number[]): Promise<number> => {
    const key = [...ids].sort((a, b) => a - b).join();
    const id = interned.get(key) ?? (await internAudience(db, ids));
    interned.set(key, id);
    return id;
  };
  for (const { item, version, index } of again) {
    const before = members.get(version.audience_id) ?? [];
    const more = plainReaders(decide(item, context, audiences)).filter((id) => !before.includes(id));
    if (more.length === 0) continue;
    const audienceId = await intern(more);
    widened.push({
      stixId: version.stix_id,
      version: version.version,
      audienceId: await intern([...before, ...more]),
    });
    entries.push(
      seal(context, item.kind, {
        stixId: version.stix_id,
        hash: version.content_hash,
        audienceId,
        renditionId: version.rendition_id,
      }),
    );
    outcomes[index] = { outcome: "accepted", id: version.stix_id, code: "shared-further" };
  }
  if (widened.length > 0) await widenVersions(db, context.producer.id, widened);
  return entries;
}

function decide(
  item: ReleaseItem,
  context: ReleaseContext,
  audiences: ReturnType<typeof audienceMemo>,
): readonly Audience[] {
  return audiences({
    type: item.object.type,
    tlp: item.tlp,
    pap: item.pap,
    producer: context.producer,
    to: item.to,
  });
}

/**
 * Those who get the object as it is. Outcomes with redactions or approvers have no rendition yet (their
 * rules come with governed sharing) and are left out: default deny.
 */
function plainReaders(audiences: readonly Audience[]): number[] {
  return audiences
    .filter(
      ({ outcome }) => !outcome.withheld && outcome.approvers.length === 0 && outcome.redactions.length === 0,
    )
    .flatMap(({ organisationIds }) => organisationIds);
}

function newVersion(
  item: ReleaseItem,
  verdict: Fresh["verdict"],
  renditionId: number,
  audienceId: number,
): NewVersion {
  return {
    stixId: item.object.id,
    type: item.object.type,
    version: verdict.version,
    rank: verdict.rank,
    hash: verdict.hash,
    tlp: item.tlp,
    renditionId,
    audienceId,
    body: JSON.stringify(verdict.times === undefined ? item.object : { ...item.object, ...verdict.times }),
    words: wordsOf(item.object),
  };
}

const MOST_WORDS = 20_000;

/** What full-text search finds it by; nothing where there is only a value (that is looked up as such). */
function wordsOf(object: ReleaseItem["object"]): string | null {
  const parts = ["name", "description", "content", "abstract"]
    .map((field) => object[field])
    .filter((part) => typeof part === "string");
  const labels = object.labels;
  const text = [...parts, ...(Array.isArray(labels) ? labels.map(String) : [])].join(" ").trim();
  // tsvector holds no NUL and has a size limit; what is cut off can still be read, only not searched for.
  return text === "" ? null : text.replaceAll("\u0000", "").slice(0, MOST_WORDS);
}

function seal(
  context: ReleaseContext,
  kind: string,
  row: Pick<NewVersion, "stixId" | "hash" | "audienceId" | "renditionId">,
): SealedEntry {
  const { stixId, hash, audienceId, renditionId } = row;
  const leaf = entryLeaf(context.leafKey, {
    kind,
    producer: context.producer.id,
    stixId,
    hash,
    audienceId,
    renditionId,
  });
  return { kind, renditionId, audienceId, leaf };
}
