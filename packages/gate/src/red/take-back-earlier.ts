import type { Organisation } from "@suar/policy";
import type { PoolClient, Queryable } from "@suar/runtime";
import { suarId } from "@suar/stix";
import type { ReleaseContext, ReleaseItem, ReleaseOutcome } from "../context/release-item.ts";
import { withdrawAll } from "../send/withdraw.ts";
import { lockProducer, selectVersions } from "../store/version.ts";

/** They say how other objects are to be read, and are the same for everybody. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set(["marking-definition", "extension-definition"]);

/**
 * Of these objects, which are stated as TLP:RED, the ids under which organisations have something of the same producer:
 * whoever states more strictly what it made and stated before narrows that, too, and RED leaves nobody but people. Who says
 * it (`created_by_ref`) is no part of what is said.
 */
export async function findEarlier(
  db: Queryable,
  producer: Organisation,
  items: readonly ReleaseItem[],
): Promise<ReadonlySet<string>> {
  const speakers = new Set(items.map(({ object }) => object.created_by_ref));
  const own = suarId("identity", producer.code);
  const ids = items
    .filter((item) => isItsOwn(item, own) && !speakers.has(item.object.id))
    .map(({ object }) => object.id);
  const versions = ids.length === 0 ? [] : [...(await selectVersions(db, producer.id, ids))];
  const live = versions.filter(([, known]) => known.some(({ withdrawn_at: at }) => at === null));
  return new Set(live.map(([id]) => id));
}

/**
 * What it made itself, and gave an id that means this very thing. An address or a host that a letter mentions is the same
 * thing in whatever was said of it before, and so is what others made, as a catalogue's techniques: a letter that tells of it
 * takes nothing from those who block by it.
 */
function isItsOwn({ object, generated }: ReleaseItem, own: string): boolean {
  const { type, modified, created_by_ref: author } = object;
  return (
    modified !== undefined &&
    !generated &&
    !OF_THE_LANGUAGE.has(type) &&
    (author === undefined || author === own)
  );
}

const TAKING_BACK =
  "What you stated under this id before is withdrawn from everybody who has it, since it is TLP:RED now";

/** Its submitter is told, and nobody else. */
export function takingBack(outcome: ReleaseOutcome): ReleaseOutcome {
  if (outcome.outcome === "rejected") return outcome;
  const reason = [outcome.reason, TAKING_BACK].filter((one) => one !== undefined).join("; ");
  if (outcome.outcome === "accepted") return { ...outcome, code: outcome.code ?? "taken-back", reason };
  return { ...outcome, code: outcome.code ?? "taken-back", reason };
}

/**
 * Withdraws all versions of these ids in the caller's transaction: as many as one may hold (DESIGN 1.2), by as many
 * statements as of one. Their receivers read what they would read had they been left out of an audience, and not why: that
 * there is a letter is nobody's business but its readers'.
 */
export async function takeBackEarlier(
  db: PoolClient,
  context: ReleaseContext,
  items: readonly ReleaseItem[],
): Promise<number> {
  const { gate, producer, policies } = context;
  if (items.length === 0) return 0;
  // Whatever is being released under these ids is released by then, and taken back with the rest.
  await lockProducer(db, gate.realm, producer.id);
  const ids = await findEarlier(db, producer, items);
  await withdrawAll(db, context, [...ids], () => ({ cause: "decided-anew", policyHash: policies.hash }));
  return ids.size;
}
