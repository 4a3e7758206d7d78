import { canonicalJson } from "../name/canonical-json.ts";
import { compareTimestamps, plainTimestamp } from "./timestamp.ts";

/**
 * §3.6: the versions of an object. A version is the pair (id, modified), instants and not texts; the same pair is
 * the same content; only the creator makes new versions; after a revocation there are none.
 */
export type StixVersion = {
  /** The object's `modified`, in any spelling. */
  readonly modified: string;
  /**
   * Its `created_by_ref`; undefined where the creator is not named: it may be anybody (§3.2), and so is not the one who
   * was named before.
   */
  readonly creator: string | undefined;
  /** Its `created`, where that is the producer's own word. */
  readonly created?: string | undefined;
  readonly isRevoked: boolean;
  /** `contentOf` the object, or a hash of that. */
  readonly content: string;
};

/**
 * - `another-content`: the pair is known, and means something else
 * - `older`: a later version is known
 * - `revoked`: the object was revoked
 * - `another-creator`: somebody else created the object, and alone may go on
 */
export type VersionRefusal = "another-content" | "older" | "revoked" | "another-creator";

/**
 * What a version is to those known before; `by` is the known one that decides. `movesCreated` where it says another
 * `created` than the one before it: no version may (§3.2), but widespread producers do, and nothing rests on it.
 */
export type VersionVerdict<V> =
  | { readonly kind: "first" }
  | { readonly kind: "newer"; readonly than: V; readonly movesCreated: boolean }
  | { readonly kind: "same"; readonly as: V }
  | { readonly kind: "refused"; readonly code: VersionRefusal; readonly by: V };

/**
 * Judges a version of an object by those of the same id that are known, in any order (§3.6). Pure; throws a
 * RangeError where a `modified` or `created` is no timestamp.
 */
export function judgeVersion<V extends StixVersion>(
  next: StixVersion,
  known: readonly V[],
): VersionVerdict<V> {
  const [latest, ...earlier] = known.toSorted((a, b) => compareTimestamps(b.modified, a.modified));
  if (latest === undefined) return { kind: "first" };
  const all = [latest, ...earlier];
  const refuse = (code: VersionRefusal, by: V): VersionVerdict<V> => ({ kind: "refused", code, by });
  const same = all.find(({ modified }) => compareTimestamps(modified, next.modified) === 0);
  if (same !== undefined)
    return same.content === next.content ? { kind: "same", as: same } : refuse("another-content", same);
  if (compareTimestamps(next.modified, latest.modified) < 0) return refuse("older", latest);
  const revoked = all.find(({ isRevoked }) => isRevoked);
  if (revoked !== undefined) return refuse("revoked", revoked);
  const named = all.find(({ creator }) => creator !== undefined);
  if (named !== undefined && next.creator !== named.creator) return refuse("another-creator", named);
  const created = all.find((one) => one.created !== undefined)?.created;
  const movesCreated =
    created !== undefined && next.created !== undefined && compareTimestamps(created, next.created) !== 0;
  return { kind: "newer", than: latest, movesCreated };
}

/**
 * What a version says, as text that is equal where that is: canonical JSON, with `created` and `modified` in one
 * spelling, since `…00Z` and `…00.000Z` are one instant. `without` names properties that were added to what was
 * said. Throws a TypeError for what is not JSON.
 */
export function contentOf(
  object: Readonly<Record<string, unknown>>,
  without: readonly string[] = [],
): string {
  const said: Record<string, unknown> = {};
  for (const name in object) if (!without.includes(name)) said[name] = object[name];
  for (const name of ["created", "modified"]) {
    const time = said[name];
    if (typeof time === "string") said[name] = plainTimestamp(time);
  }
  return canonicalJson(said);
}
