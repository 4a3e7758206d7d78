import { hash as digest } from "node:crypto";
import type { Limits } from "@suar/policy";
import {
  isTimestamp,
  judgeVersion,
  microsFromTimestamp,
  Pap,
  plainTimestamp,
  type StixVersion,
  suarId,
  Tlp,
  timestampFromMicros,
} from "@suar/stix";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import type { Marked } from "./marked.ts";
import { refuse } from "./refusal.ts";

/** A version that the producer stated before. */
export type KnownVersion = {
  stix_id: string;
  version: string;
  tlp: Tlp;
  pap: Pap | null;
  rank: number;
  content_hash: Buffer;
  rendition_id: number;
  audience_id: number;
  submission_id: string | null;
  withdrawn_at: Date | null;
  /** Base64 of what else the same submission said of the same value. */
  keptOver: ReadonlySet<string>;
  /** How many versions of the id are stored, and the least rank of them. */
  many: number;
  first_rank: number;
  /** Its redacted renditions. */
  redactions: readonly KnownRedaction[];
  /** All whom its originator ever named for it; null where none. */
  named: readonly string[] | null;
  /** Whether it was said for the community, too: naming nobody. */
  community: boolean;
  /** Whether a submission said that it is about a victim. */
  is_victims: boolean;
  /** All that narrows it beside its marking. */
  limits: Limits;
  /** As its entries in the log have it. */
  kind: ReleaseItem["kind"];
  /** How its entries commit to it, and what was first said of it where something else is said by now (`entry/stated.ts`). */
  form: number;
  first_said: string | null;
  /** What its originator said of the marking of the id since. */
  marked?: Marked | null | undefined;
} & Lineage;

/** Of an object, what its next version is judged by. */
export type Lineage = { creator: string | null; created: string | null; revoked: boolean };

type KnownRedaction = { view: string; shown_id: string; rendition_id: number; audience_id: number };

export type Verdict =
  | { kind: "done"; outcome: ReleaseOutcome }
  /** A new version. */
  | {
      kind: "new";
      version: string;
      rank: number;
      hash: Buffer;
      lineage: Lineage;
      /** It says another `created` than the version before it. */
      movesCreated?: boolean;
      /** For what Suar generated: created stays that of the first version, modified is this one's. */
      times?: { created: string; modified: string };
    }
  /** The same said again, perhaps to more readers than before. */
  | { kind: "known"; version: KnownVersion }
  /** Other things said of the same value; what came first stands, for those to whom that was said. */
  | { kind: "kept"; version: KnownVersion; over?: Buffer };

/** What was said: content, and the marking it was said under. */
function statementHash({ contentHash, tlp, pap }: Pick<ReleaseItem, "contentHash" | "tlp" | "pap">): Buffer {
  const marking = Buffer.from(`${tlp} ${pap ?? ""}`);
  return digest("sha256", Buffer.concat([contentHash, marking]), "buffer");
}

/**
 * Tells what an item is to what its producer stated before: by STIX's own rules where it has a version, else by its
 * content. Pure; nobody else's versions are ever looked at.
 */
export function judge(item: ReleaseItem, known: readonly KnownVersion[], context: JudgeContext): Verdict {
  const hash = statementHash(item);
  const latest = known.reduce<KnownVersion | undefined>(
    (best, one) => (best === undefined || one.rank > best.rank ? one : best),
    undefined,
  );
  if (item.generated) return judgeGenerated(item, hash, known, latest, context);
  const modified = modifiedOf(item);
  return modified === undefined
    ? judgeUnversioned(item, hash, known, latest, context)
    : judgeVersioned(item, { modified, hash }, known, latest, context);
}

/**
 * By (id, modified), as STIX 2.1 §3.6 has it. Only its creator makes new versions, and who names nobody may be anybody;
 * but here we know who states it: what names nobody any more is the creator's if that is the producer itself.
 */
function judgeVersioned(
  item: ReleaseItem,
  { modified, hash }: { modified: string; hash: Buffer },
  known: readonly KnownVersion[],
  latest: KnownVersion | undefined,
  { producer }: JudgeContext,
): Verdict {
  const { creator, created, revoked } = lineageOf(item);
  const content = hash.toString("base64");
  const isNamed = creator !== null || known.some((one) => one.creator !== null);
  const speaker = isNamed ? (creator ?? identityOf(producer.code)) : undefined;
  const next = { modified, creator: speaker, created: created ?? undefined, isRevoked: revoked, content };
  const verdict = judgeVersion(next, known.filter(({ version }) => isTimestamp(version)).map(asVersion));
  if (verdict.kind === "refused") return refuse(item.object.id, verdict.code);
  if (verdict.kind === "same") {
    const { row } = verdict.as;
    return row.withdrawn_at === null ? { kind: "known", version: row } : refuse(item.object.id, "withdrawn");
  }
  const rank = rankAfter(latest, modified);
  if (!Number.isSafeInteger(rank)) return refuse(item.object.id, "out-of-range");
  // Named once it is named for good: of very many versions the latest alone is read.
  const lineage = { creator: speaker ?? null, created, revoked };
  const movesCreated = verdict.kind === "newer" && verdict.movesCreated;
  return { kind: "new", version: plainTimestamp(modified), rank, hash, lineage, movesCreated };
}

function asVersion(row: KnownVersion): StixVersion & { row: KnownVersion } {
  return {
    modified: row.version,
    creator: row.creator ?? undefined,
    created: row.created ?? undefined,
    isRevoked: row.revoked,
    content: row.content_hash.toString("base64"),
    row,
  };
}

function lineageOf({ object, generated }: ReleaseItem): Lineage {
  const { created_by_ref: creator, created, revoked } = object;
  const isOwn = !generated && typeof created === "string" && isTimestamp(created);
  return {
    creator: typeof creator === "string" ? creator : null,
    created: isOwn ? created : null,
    revoked: revoked === true,
  };
}

/** An observable has no modified to count up: stated again after its withdrawal or its end, it is the next of its kind. */
function judgeUnversioned(
  item: ReleaseItem,
  hash: Buffer,
  known: readonly KnownVersion[],
  latest: KnownVersion | undefined,
  { receivedAt }: JudgeContext,
): Verdict {
  const live = known.find(
    (one) => one.withdrawn_at === null && one.content_hash.equals(hash) && !isBegunAnew(item, one),
  );
  if (live !== undefined) return { kind: "known", version: live };
  const rank = rankAfter(latest, receivedAt);
  return { kind: "new", version: nextOfContent(hash, known), rank, hash, lineage: lineageOf(item) };
}

/** A content's hash names it; content that was stated before, and then not any more, is counted. */
export function nextOfContent(hash: Buffer, known: readonly KnownVersion[]): string {
  const plain = contentName(hash);
  return known.some(({ version }) => version === plain) ? `${plain}:${countOf(known)}` : plain;
}

/**
 * What Suar wrote itself has no times of its producer's: equal content is the same statement, other content
 * the next version. Twice in one submission, the first is kept.
 */
function judgeGenerated(
  item: ReleaseItem,
  hash: Buffer,
  known: readonly KnownVersion[],
  latest: KnownVersion | undefined,
  context: JudgeContext,
): Verdict {
  if (latest !== undefined && latest.withdrawn_at === null) {
    if (latest.content_hash.equals(hash) && !isBegunAnew(item, latest))
      return { kind: "known", version: latest };
    if (latest.keptOver.has(hash.toString("base64"))) return { kind: "kept", version: latest };
    const here = context.submissionId !== null && latest.submission_id === context.submissionId;
    if (here && modifiedOf(item) !== undefined) return { kind: "kept", version: latest, over: hash };
  }
  const rank = rankAfter(latest, context.receivedAt);
  if (!Number.isSafeInteger(rank)) return refuse(item.object.id, "out-of-range");
  const lineage = lineageOf(item);
  if (modifiedOf(item) === undefined)
    return { kind: "new", version: nextOfContent(hash, known), rank, hash, lineage };
  const first = known.reduce((least, one) => Math.min(least, one.first_rank), rank);
  const times = { created: timeAt(first).text, modified: timeAt(rank).text };
  return { kind: "new", version: timeAt(rank).version, rank, hash, lineage, times };
}

/** What is over stays over; who says until when from now on, of what has no time of its own, states it anew. */
function isBegunAnew({ limits }: ReleaseItem, { limits: before }: KnownVersion): boolean {
  const now = Date.now();
  return (
    limits?.expires !== undefined &&
    before.expires !== undefined &&
    Date.parse(before.expires) <= now &&
    Date.parse(limits.expires) > now
  );
}

/** Versions that there are, stored and of this batch: not all of the stored ones may have been read. */
function countOf(known: readonly KnownVersion[]): number {
  const stored = known.reduce((most, { many }) => Math.max(most, many), 0);
  return stored + known.filter(({ many }) => many === 0).length;
}

/** What a statement is called and holds, for looking it up among very many. */
export function nameOf(item: ReleaseItem): { version: string; hash: Buffer } {
  const hash = statementHash(item);
  return { version: versionOf(item, hash), hash };
}

/** The names that a version may bear: one where it says when it was modified, else one for each marking. */
export function versionsOf(
  object: ReleaseItem["object"],
  contentHash: Buffer,
): { versions: string[]; isVersioned: boolean } {
  const modified = modifiedOf({ object });
  if (modified !== undefined) return { versions: [plainTimestamp(modified)], isVersioned: true };
  const versions = Tlp.options.flatMap((tlp) =>
    [undefined, ...Pap.options].map((pap) => contentName(statementHash({ contentHash, tlp, pap }))),
  );
  return { versions, isVersioned: false };
}

/** After all that was stated before. A number that is not safe has lost its last digits: it is the rank of others, too. */
export function rankAfter(latest: KnownVersion | undefined, timestamp: string): number {
  return Math.max(rankOf(timestamp), (latest?.rank ?? 0) + 1);
}

/** Microseconds; finer digits only order versions that no clock of ours can tell apart. */
const rankOf = rememberLast((timestamp: string): number => Number(microsFromTimestamp(timestamp)));

const timeAt = rememberLast((rank: number): { text: string; version: string } => {
  const text = timestampFromMicros(BigInt(rank));
  return { text, version: plainTimestamp(text) };
});

const identityOf = rememberLast((code: string): string => suarId("identity", code));

/** A submission's items share their time of receipt. */
function rememberLast<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}

/** Of an observable it is a custom property, which may hold anything. */
export function modifiedOf({ object: { modified } }: Pick<ReleaseItem, "object">): string | undefined {
  return typeof modified === "string" && isTimestamp(modified) ? modified : undefined;
}

/** (id, modified) for what has versions; the content's hash for observables, which have none (DESIGN 1, decision 3). */
function versionOf(item: ReleaseItem, hash: Buffer): string {
  const modified = modifiedOf(item);
  return modified === undefined ? contentName(hash) : plainTimestamp(modified);
}

function contentName(hash: Buffer): string {
  return `sha256:${hash.toString("hex")}`;
}
