import { randomUUID } from "node:crypto";
import type { PoolClient } from "@suar/runtime";
import type { ReleaseItem } from "../context/release-item.ts";
import { standingFor } from "../context/standing.ts";
import { isLimited } from "../decide/individual-limits.ts";
import type { Released } from "../send/release.ts";
import { internAudience } from "../store/audience.ts";
import { insertInboxItems, insertInboxObjects, lockSubmitter, type NewInboxItem } from "../store/inbox.ts";
import { addIndividuals } from "../store/individuals.ts";
import { insertEnvelope, insertRenditions } from "../store/release.ts";
import { renditionIds } from "../store/rendition.ts";
import { lockProducer } from "../store/version.ts";
import { commitRed, SAYS_NOTHING } from "./commit-red.ts";
import { judgeRedRelease } from "./judge-red.ts";
import { bodyOfLetter, hashOfLetters, type Letter, MOST_RED, type RedContext, tooLarge } from "./letter.ts";
import { takeBackEarlier } from "./take-back-earlier.ts";

/**
 * The only way into inboxes. In the caller's transaction it writes what one submission says to each person, and
 * seals one entry for the log, however much is said to however many: its audience is empty, its rendition says
 * nothing, and its leaf commits to all of it. What organisations had of the same ids is withdrawn in the same moment;
 * `takenBack`: of how many. Throws `too-large`.
 */
export async function releaseRed(
  db: PoolClient,
  made: RedContext,
  items: readonly ReleaseItem[],
): Promise<Pick<Released, "outcomes" | "envelope"> & { takenBack: number }> {
  await lockSubmitter(db, made.gate.realm, made.submitter);
  const context = { ...made, ...(await standingFor(db, made)), writes: true };
  await lockBeforeCounting(db, context);
  const { outcomes, letters, said, individuals } = await judgeRedRelease(db, context, items);
  const takenBack = await takeBackEarlier(db, context, said);
  if (letters.length === 0) return { outcomes, envelope: undefined, takenBack };
  const envelope = await sendLetters(db, context, letters, endOf(items));
  await addIndividuals(db, context, individuals);
  return { outcomes, envelope, takenBack };
}

/** Who counts people holds its exporter's lock from then on, and in a release its own before: in the same order here. */
async function lockBeforeCounting(db: PoolClient, { gate, policies, producer }: RedContext): Promise<void> {
  if (isLimited(policies, producer.member)) await lockProducer(db, gate.realm, producer.id);
}

async function sendLetters(
  db: PoolClient,
  context: RedContext,
  letters: readonly Letter[],
  expires: string | null,
): Promise<number | undefined> {
  const { gate, producer, submitter, submissionId } = context;
  if (submissionId === null) throw new Error("what goes to people comes from a submission");
  const sent = letters.map(written);
  const [renditionId = 0] = await renditionIds(db, gate, 1);
  const hash = hashOfLetters(
    sent.map(({ to, ...one }) => ({ ...one, ...to, organisationId: to.organisation.id })),
    { submitter, expires },
  );
  const place = { renditionId, audienceId: await internAudience(db, gate, []) };
  const stixId = `${SAYS_NOTHING}--${randomUUID()}`;
  await insertRenditions(db, NOBODY, [nothing(renditionId, stixId)]);
  const common = { submissionId, submitter, producer: producer.id, contentHash: hash, renditionId, expires };
  await insertInboxItems(
    db,
    sent.map((one): NewInboxItem => ({ ...common, ...one })),
  );
  await insertInboxObjects(db, sent);
  const kind = "released";
  const leaf = commitRed(gate, { kind, ...place, submissionId, hash, originator: producer.code });
  return await insertEnvelope(db, [{ kind, ...place, decisionId: null, leaf }]);
}

/** No organisation has it: the log's own reader is not to learn whose entry it is. */
const NOBODY = 0;

function nothing(id: number, stixId: string) {
  const body = JSON.stringify({ type: SAYS_NOTHING, id: stixId });
  return {
    id,
    stixId,
    type: SAYS_NOTHING,
    tlp: "red",
    pap: null,
    rank: 0,
    body,
    words: null,
    ownWords: null,
    also: 0,
    keys: [],
    sectors: null,
    copyOf: null,
    view: null,
    audienceId: null,
  };
}

/** What one submission says is read together, and ends together. */
function endOf(items: readonly ReleaseItem[]): string | null {
  return items.flatMap(({ limits }) => limits?.expires ?? []).sort()[0] ?? null;
}

function written({ to, objects, said }: Letter) {
  const body = JSON.stringify(objects);
  if (Buffer.byteLength(body) > MOST_RED.bytes) throw tooLarge();
  return { id: randomUUID(), to, body, bodyHash: bodyOfLetter(body), objects: objects.length, said };
}
