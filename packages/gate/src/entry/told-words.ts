import type { Queryable } from "@suar/runtime";
import { selectEveryVersion } from "../store/version.ts";
import { type Words, wordsOf } from "./stated.ts";

/** What a producer says of one version by now. */
export type ToldWords = { version: string } & Words;

/** Of an id with more versions than this, the latest. */
const MOST_TOLD = 64;

/**
 * What a producer says of what it stated about an id, beside its content and its marking, the newest first: so that whoever
 * kept this finds it set back. Entries commit to what was said first; of what was said later a row has a seal, which a row
 * of before has as well. What was taken back is told, too: it was said, and whoever kept the answer misses it otherwise.
 */
export async function wordsStated(db: Queryable, producer: number, stixId: string): Promise<ToldWords[]> {
  const versions = await selectEveryVersion(db, producer, stixId);
  return versions
    .sort((a, b) => b.rank - a.rank)
    .slice(0, MOST_TOLD)
    .map((one) => ({ version: one.version, ...wordsOf(one) }));
}
