import { actorOf } from "@suar/contract";
import { gateOf, withdraw } from "@suar/gate";
import { appendEvent, channels, type OrganisationCaller, type Platform, transaction } from "@suar/runtime";

/**
 * Takes back what the caller's organisation stated about an id, in every version and from everybody. Throws
 * `not-found` or `already-withdrawn`.
 */
export async function withdrawOwn(
  platform: Platform,
  caller: OrganisationCaller,
  id: string,
  reason?: string,
): Promise<{ at: Date; versions: number }> {
  const realm = await platform.realms.of(caller);
  const context = {
    gate: gateOf(realm, platform.secrets),
    producer: caller.organisation,
    organisations: await platform.directory.active(),
    submissionId: null,
    receivedAt: new Date().toISOString(),
  };
  const done = await transaction(realm.write, async (db) => {
    const withdrawn = await withdraw(db, context, id);
    const fields = { versions: withdrawn.versions, ...(reason !== undefined && { reason }) };
    await appendEvent(db, { type: "object-withdrawn.v1", actor: actorOf(caller), subject: id, fields });
    return withdrawn;
  });
  platform.signals.send(channels.release(realm.name));
  return done;
}
