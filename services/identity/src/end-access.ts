import type { PoolClient } from "@suar/runtime";
import { deleteContactsOf } from "./store/contact.ts";
import { revokeKeysOf } from "./store/machine-key.ts";
import { removePeopleOf, voidLinksOf } from "./store/person.ts";

/**
 * Ends all by which anybody entered organisations that were just removed. Restoring a member gives its people
 * back, but no key, link, session or inbox: those need an officer's word again.
 */
export async function endAccess(
  db: PoolClient,
  organisationIds: readonly number[],
  { withMember }: { withMember: boolean },
): Promise<void> {
  await removePeopleOf(db, organisationIds, withMember);
  await deleteContactsOf(db, organisationIds);
  await voidLinksOf(db, organisationIds);
  await revokeKeysOf(db, organisationIds);
}
