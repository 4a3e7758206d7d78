import type { SentRed } from "@suar/contract";
import type { Platform } from "@suar/runtime";
import type { Asked } from "./explain-stated.ts";
import { describeSent, openSent } from "./own-sent-red.ts";
import { selectSentAbout } from "./store/sent-red.ts";

/**
 * What a person sent of an id under TLP:RED, in that person's own signed-in session: machine keys and colleagues are told
 * nothing of it, as of what never was.
 */
export async function explainSentRed(
  platform: Platform,
  { caller, object, member }: Asked,
): Promise<SentRed[]> {
  if (caller.personId === null || !caller.signedIn || caller.realm !== "live") return [];
  const { realm, scope } = await openSent(platform, caller);
  const sent = await describeSent(platform, realm, await selectSentAbout(realm.write, scope, object));
  if (member === undefined) return sent;
  return sent.flatMap((one) => {
    const to = one.to.filter(({ organisation }) => organisation === member);
    return to.length === 0 && !one.changed ? [] : [{ ...one, to }];
  });
}
