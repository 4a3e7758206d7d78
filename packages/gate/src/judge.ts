import { hash as digest } from "node:crypto";
import { compareTimestamps, microsFromTimestamp, timestampFromMicros } from "@suar/stix";
import type { JudgeContext, ReleaseItem, ReleaseOutcome } from "./release-item.ts";

/** A version that the producer stated before. */
export type KnownVersion = {
  stix_id: string;
  version: string;
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
};

type KnownRedaction = { view: string; shown_id: string; rendition_id: number; audience_id: number };

export type Verdict =
  | { kind: "done"; outcome: ReleaseOutcome }
  /** A new version. */
  | {
      kind: "new";
      version: string;
      rank: number;
      hash: Buffer;
      /** For what Suar generated: created stays that of the first version, modified is this one's. */
      times?: { created: string; modified: string };
    }
  /** The same said again, perhaps to more readers than before. */
  | { kind: "known"; version: KnownVersion }
  /** Other things said of the same value; what came first stands, for those to whom that was said. */
  | { kind: "kept"; version: KnownVersion; over?: Buffer };

/** What was said: content, and the marking it was said under. */
function statementHash(item: ReleaseItem): Buffer {
  const marking = Buffer.from(`${item.tlp} ${item.pap ?? ""}`);
  return digest("sha256", Buffer.concat([item.contentHash, marking]), "buffer");
}

/**
 * Tells what an item is to what its producer stated before (STIX 2.1 §3.6: same id and modified means same
 * content; newer modified supersedes). Pure; nobody else's versions are ever looked at.
 */
export function judge(item: ReleaseItem, known: readonly KnownVersion[], context: JudgeContext): Verdict {
  const id = item.object.id;
  const hash = statementHash(item);
  const latest = known.reduce<KnownVersion | undefined>(
    (best, one) => (best === undefined || one.rank > best.rank ? one : best),
    undefined,
  );
  if (item.generated) return judgeGenerated(item, hash, known, latest, context);
  const version = versionOf(item, hash);
  const same = known.find((one) => one.version === version);
  if (same !== undefined && same.withdrawn_at !== null && modifiedOf(item) === undefined) {
    // An observable has no modified to count up: stated again after its withdrawal, it is the next of its kind.
    const rank = Math.max(rankOf(context.receivedAt), (latest?.rank ?? 0) + 1);
    const live = known.find((one) => one.withdrawn_at === null && one.content_hash.equals(hash));
    return live === undefined
      ? { kind: "new", version: `${version}:${countOf(known)}`, rank, hash }
      : { kind: "known", version: live };
  }
  if (same !== undefined) {
    if (!same.content_hash.equals(hash)) {
      return refuse(
        id,
        "same-version-differs",
        "You stated this id and modified time with other content or another marking; give it a newer modified",
      );
    }
    if (same.withdrawn_at === null) return { kind: "known", version: same };
    return refuse(
      id,
      "older-version",
      "You withdrew this version; give it a newer modified to state it again",
    );
  }
  const rank = rankOf(modifiedOf(item) ?? context.receivedAt);
  if (latest !== undefined && rank <= latest.rank && modifiedOf(item) !== undefined) {
    return refuse(id, "older-version", `You stated a newer version of this already`);
  }
  return { kind: "new", version, rank: Math.max(rank, (latest?.rank ?? 0) + 1), hash };
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
    if (latest.content_hash.equals(hash)) return { kind: "known", version: latest };
    if (latest.keptOver.has(hash.toString("base64"))) return { kind: "kept", version: latest };
    const here = context.submissionId !== null && latest.submission_id === context.submissionId;
    if (here && modifiedOf(item) !== undefined) return { kind: "kept", version: latest, over: hash };
  }
  const rank = Math.max(rankOf(context.receivedAt), (latest?.rank ?? 0) + 1);
  if (modifiedOf(item) === undefined) {
    const plain = versionOf(item, hash);
    const taken = known.some((one) => one.version === plain);
    return { kind: "new", version: taken ? `${plain}:${countOf(known)}` : plain, rank, hash };
  }
  const first = known.reduce((least, one) => Math.min(least, one.first_rank), rank);
  const times = { created: timeAt(first).text, modified: timeAt(rank).text };
  return { kind: "new", version: timeAt(rank).version, rank, hash, times };
}

function refuse(id: string, code: "same-version-differs" | "older-version", reason: string): Verdict {
  return { kind: "done", outcome: { outcome: "rejected", id, code, reason } };
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

/** Microseconds; finer digits only order versions that no clock of ours can tell apart. */
const rankOf = rememberLast((timestamp: string): number => Number(microsFromTimestamp(timestamp)));

const timeAt = rememberLast((rank: number): { text: string; version: string } => {
  const text = timestampFromMicros(BigInt(rank));
  return { text, version: normalForm(text) };
});

/** A submission's items share their time of receipt. */
function rememberLast<K, V>(make: (key: K) => V): (key: K) => V {
  let last: { key: K; value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: make(key) };
    return last.value;
  };
}

function modifiedOf(item: ReleaseItem): string | undefined {
  const modified = item.object.modified;
  return typeof modified === "string" ? modified : undefined;
}

/** (id, modified) for what has versions; the content's hash for observables, which have none (DESIGN 1, decision 3). */
function versionOf(item: ReleaseItem, hash: Buffer): string {
  const modified = modifiedOf(item);
  return modified === undefined ? `sha256:${hash.toString("hex")}` : normalForm(modified);
}

// `…00Z` and `…00.000Z` are one instant and have to be one version.
function normalForm(timestamp: string): string {
  const plain = timestamp.replace(/(\.\d*?)0+Z$/, "$1Z").replace(".Z", "Z");
  return compareTimestamps(plain, timestamp) === 0 ? plain : timestamp;
}
