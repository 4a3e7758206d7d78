import { actorOf, wordOf } from "@suar/contract";
import { recall, releaseContext, releasing } from "@suar/gate";
import { appendEvent, CLOSED, type OrganisationCaller, type Platform, type PoolClient } from "@suar/runtime";

const MINUTE_MS = 60_000;
/** Receivers have a day to acknowledge, unless the originator says otherwise. */
const ACKNOWLEDGE_WITHIN = 24 * 60;

export type WithdrawalOrder = { reason?: string | undefined; acknowledgeWithin?: number | undefined };

/**
 * Takes back what the caller's organisation stated about an id, in every version and from everybody, who are to
 * acknowledge it. Throws `not-found` or `already-withdrawn`.
 */
export async function withdrawOwn(
  platform: Platform,
  caller: OrganisationCaller,
  id: string,
  { reason, acknowledgeWithin = ACKNOWLEDGE_WITHIN }: WithdrawalOrder = {},
): Promise<{ recall: string; at: Date; versions: number }> {
  const realm = await platform.realms.of(caller);
  const said = { submissionId: null, word: wordOf(caller) };
  const context = await releaseContext(platform, realm, caller.organisation, said);
  const once = async (db: PoolClient) => {
    const order = { stixId: id, dueInMs: acknowledgeWithin * MINUTE_MS };
    const { id: recalled, at, versions } = await recall(db, context, order);
    const fields = { versions, recall: recalled, ...(reason !== undefined && { reason }) };
    await appendEvent(db, { type: "object-withdrawn.v1", actor: actorOf(caller), subject: id, fields });
    return { recall: recalled, at, versions };
  };
  return await releasing(platform, realm, once, () => CLOSED);
}
