import { findEncodedEmails } from "../detect/encoded-emails.ts";
import { fold } from "../text/fold.ts";
import { refangAddresses } from "../text/refang-addresses.ts";

/** What a number, an address or a label before it might still go on from. */
const ENDS_APART = /[a-z,;:] $/i;

/** Every detector begins with one of these, but for addresses in Base64. */
const SIGNS = /[@0-9:]/;

/** A marker, and behind it nothing that folding or refanging could make a sign of: so most texts go on. */
const PLAINLY = /^\[(?!at\b|dot\b|punkt\b)[a-z][\t\n\r !-$')-/;=-?A-Z\]-z|}~]*$/i;
const SPELLED = / dot /i;

/**
 * Where a marker of ours ends, 0 where there is none. Its letters are no address in Base64: decoded, none of "a" to "p" makes
 * a byte that is "@" (the second and the third of each three have bits that it has not, and the first is above it). What stands
 * behind it is not read together with it.
 */
function markerEnd(text: string): number {
  return PSEUDONYM.exec(text)?.[0].length ?? 0;
}

const PSEUDONYM = /^\[[a-z ]{1,20} [a-p]{20}\]/;

/** What Base64 of an address has at least. */
const LONG = /[A-Za-z0-9+_-]{12}/;

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
  if (PLAINLY.test(rest) && !SPELLED.test(rest)) {
    const behind = rest.slice(markerEnd(rest));
    return !LONG.test(behind) || findEncodedEmails(behind).length === 0;
  }
  return !SIGNS.test(refangAddresses(fold(rest)).text) && findEncodedEmails(rest).length === 0;
}
