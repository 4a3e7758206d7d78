import { actorOf, type Principal, type SentRed } from "@suar/contract";
import { type Gate, gateOf, LetterChanged, requireLetter } from "@suar/gate";
import {
  type Platform,
  type Queryable,
  type Realm,
  requireOrganisation,
  requireSession,
} from "@suar/runtime";
import { selectRemovedPeople } from "./store/removed-person.ts";
import type { SentRow, SentScope } from "./store/sent-red.ts";

/** What a signed-in caller may see of what was sent under TLP:RED, and take back. */
export type OwnSent = { realm: Realm; scope: SentScope };

/**
 * One's own. Colleagues do not learn what a person sent to people; what a machine key without a person did is the
 * organisation's, so any analyst's; and somebody has to be able to take back what a person sent who is gone: officers.
 * Throws `forbidden` for whoever is not a person's own session.
 */
export async function openSent(platform: Platform, principal: Principal): Promise<OwnSent> {
  const caller = requireOrganisation(requireSession(principal));
  const { id: organisationId } = caller.organisation;
  const gone = caller.roles.includes("officer")
    ? await selectRemovedPeople(platform.core, organisationId)
    : [];
  const submitters = [actorOf(caller), ...gone.map((id) => `person:${id}`)];
  const scope = { organisationId, submitters, ofKeys: caller.roles.includes("analyst") };
  return { realm: await platform.realms.of(caller), scope };
}

export function isOwnSent(
  { organisationId, submitters, ofKeys }: SentScope,
  { submitter, producer }: { submitter: string; producer: number },
): boolean {
  if (producer !== organisationId) return false;
  return submitters.includes(submitter) || (ofKeys && submitter.startsWith("key:"));
}

/** Rows of submissions, those of one together, as the contract shows them. `db`: where they were read. */
export async function describeSent(
  platform: Platform,
  realm: Realm,
  rows: readonly SentRow[],
  db: Queryable = realm.write,
): Promise<SentRed[]> {
  const submissions = new Set(rows.map((row) => row.submission_id));
  const changed = await changedAmong(platform, { db, gate: gateOf(realm, platform) }, submissions);
  const contacts = await platform.directory.contacts([...new Set(rows.map(({ person }) => person))]);
  const titles = new Map(contacts.map(({ inbox, title }) => [inbox, title]));
  const sent = new Map<string, SentRed>();
  for (const row of rows) {
    const { submission_id: id, sent_at, withdrawn_at } = row;
    const one = sent.get(id) ?? {
      id,
      sentAt: sent_at.toISOString(),
      withdrawnAt: withdrawn_at?.toISOString() ?? null,
      changed: changed.has(id),
      to: [],
    };
    sent.set(id, one);
    if (one.changed) continue;
    one.to.push({
      person: row.person,
      organisation: (await platform.directory.byId(row.organisation_id))?.code ?? "?",
      title: titles.get(row.inbox) ?? null,
      objects: row.objects,
      open: titles.has(row.inbox),
      reads: row.reads,
      readAt: row.read_at.map((at) => at.toISOString()),
      acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
      withdrawalAcknowledgedAt: row.withdrawal_acknowledged_at?.toISOString() ?? null,
    });
  }
  return [...sent.values()];
}

/** Of submissions, those of which somebody changed what is kept: each hides itself, and none of the others. */
async function changedAmong(
  { log }: Pick<Platform, "log">,
  { db, gate }: { db: Queryable; gate: Gate },
  submissions: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  for (const submission of submissions)
    try {
      await requireLetter(db, gate, { submission });
    } catch (error) {
      if (!(error instanceof LetterChanged)) throw error;
      log.error({ err: error }, "what was sent under TLP:RED was changed");
      changed.add(submission);
    }
  return changed;
}
