import type { Queryable } from "@suar/runtime";
import { isTimestamp, type StixObject, timestampFromDate } from "@suar/stix";
import type { ReleaseContext } from "../context/release-item.ts";
import { saidHash } from "../judge/said.ts";
import { type Erased, eraseRenditions, selectBodies } from "../store/rendition.ts";
import type { SentCopy } from "./read-owed.ts";
import { revokedVersion } from "./revoked-version.ts";

/** Takes the bodies of copies away from everybody, however many there are. */
export async function eraseAll(
  db: Queryable,
  context: ReleaseContext,
  copies: readonly SentCopy[],
  at: Date,
): Promise<void> {
  for (let from = 0; from < copies.length; from += ERASED_AT_ONCE)
    await erase(db, context, copies.slice(from, from + ERASED_AT_ONCE), at);
}

/** Their bodies are read first. */
const ERASED_AT_ONCE = 50;

/** What is erased can be told from other content under the same id and version all the same, by a hash. */
async function erase(
  db: Queryable,
  { producer }: ReleaseContext,
  copies: readonly SentCopy[],
  at: Date,
): Promise<void> {
  const versioned = copies.filter(({ version }) => isTimestamp(version.version));
  const bodies = await selectBodies(
    db,
    versioned.map(({ renditionId }) => renditionId),
  );
  const erased = copies.map(({ renditionId: id }): Erased => {
    const rendition = bodies.get(id);
    if (rendition === undefined) return { id, said: undefined, revocation: undefined };
    const object = JSON.parse(rendition.body) as StixObject;
    const revocation = revokedVersion(object, { producer: producer.code, tlp: rendition.tlp, at });
    return { id, said: saidHash(object), revocation };
  });
  await eraseRenditions(db, erased, timestampFromDate(at));
}
