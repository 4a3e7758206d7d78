import { findEncodedEmails } from "../detect/encoded-emails.ts";
import { fold } from "../text/fold.ts";
import { refangAddresses } from "../text/refang-addresses.ts";

/** What a number, an address or a label before it might still go on from. */
const ENDS_APART = /[a-z,;:] $/i;

/** Every detector begins with one of these, but for addresses in Base64. */
const SIGNS = /[@0-9:]/;

/**
 * Whether nothing can have come to light in a prose that was looked at before, when everything from one place on is new to
 * it: a marker, and what stood behind what was taken out. Detectors look at what is before a place and at no more than a
 * few units behind it, and none of their forms goes on over a marker. So what is before the place is found or not as
 * before, where it ends apart from it; and where nothing behind it can be the beginning of anything, all is as before.
 */
export function isSettled(left: string, from: number): boolean {
  if (left[from] !== "[" || !(from === 0 || ENDS_APART.test(left.slice(Math.max(0, from - 2), from))))
    return false;
  const rest = left.slice(from);
  return !SIGNS.test(refangAddresses(fold(rest)).text) && findEncodedEmails(rest).length === 0;
}
