import { joinLimits, sameLimits } from "@suar/policy";
import type { Finding } from "./findings.ts";
import type { Words } from "./word-files.ts";

type Markings = Words["markings"];
type Said = NonNullable<Markings[number]["said"]["versions"]>[number];

/** As many as the platform tells of one id. */
const MOST_TOLD = 64;

/**
 * What is said of a version only ever grows: more who are named, narrower limits, that it is a victim's. Whatever was told
 * of it once has to be in what is told by now, in whichever order the answers were kept; where it is not, somebody set the
 * words back.
 */
export function wordsSetBack(said: Markings, told: Markings): Finding[] {
  const now = new Map(told.map((one) => [one.said.id, one]));
  return said.flatMap(({ place, said: { id, versions = [] } }) => {
    const found = now.get(id);
    const known = found?.said.versions;
    if (found === undefined || known === undefined) return [];
    const byName = new Map(known.map((one) => [one.version, one]));
    const lost = versions.filter((one) => {
      const by = byName.get(one.version);
      return by === undefined ? known.length < MOST_TOLD : !holdsAll(by, one);
    });
    return lost.map(({ version }): Finding => {
      const message = `${id}: what was said of its version ${version} is not in what ${found.place} tells`;
      return { code: "changed-word", seq: null, place, message };
    });
  });
}

function holdsAll(now: Said, before: Said): boolean {
  const named = new Set(now.named);
  return (
    (before.named ?? []).every((one) => named.has(one)) &&
    (now.community || !before.community) &&
    (now.isVictims || !before.isVictims) &&
    sameLimits(joinLimits(now.limits, before.limits), joinLimits(now.limits, now.limits))
  );
}
