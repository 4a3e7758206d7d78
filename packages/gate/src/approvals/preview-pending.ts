import type { Organisation } from "@suar/policy";
import type { Queryable } from "@suar/runtime";
import type { StixObject } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import { bearing } from "../copies/copy-ids.ts";
import { againSend } from "../judge/judge-release.ts";
import type { PendingRow } from "../store/pending.ts";
import { askedFor, decidePending } from "./decide-pending.ts";
import { givenTo, isLetGo } from "./sealed.ts";

/** What an approval would let go, and to whom. */
export type PendingPreview = {
  original: StixObject;
  /** Each as its readers would have it, under the id that it would bear. */
  copies: readonly { readers: readonly number[]; object: StixObject }[];
  /** Another outcome is decided by now: an approval would release nothing, and ask anew. */
  isOutdated: boolean;
};

/**
 * What would be released at this moment if all had agreed, to show it to one of a member's; writes nothing. It is made on
 * the road of the release itself. Undefined where the version is gone. To another member than the producer's no copy is
 * shown before the producer's have agreed, whatever the request's row says.
 */
export async function previewPending(
  db: Queryable,
  context: ReleaseContext,
  pending: PendingRow,
  { member }: Pick<Organisation, "member">,
): Promise<PendingPreview | undefined> {
  const decided = await decidePending(db, context, pending);
  if (decided === undefined) return undefined;
  const { anew, same, isSame } = decided;
  const original = anew.item.object;
  if (member !== context.producer.member) {
    const given = givenTo(context.gate, pending, await askedFor(db, pending));
    if (!isLetGo(pending, context.producer, given)) return { original, copies: [], isOutdated: !isSame };
  }
  if (!isSame) return { original, copies: [], isOutdated: true };
  const groups = anew.decisions.group(original, same, anew.decision.victims);
  const one = { kind: "again", item: anew.item, index: 0, version: anew.version } as const;
  const decision = { ...anew.decision, groups, asking: [] };
  const { copies } = againSend(context, one, decision, anew.before);
  return {
    original,
    copies: copies.map(({ readers, copy, id }) => ({
      readers,
      object: copy === undefined ? original : bearing({ ...copy }, original, id),
    })),
    isOutdated: false,
  };
}
