import { createHash } from "node:crypto";
import { z } from "zod";
import { justBefore } from "./added-date.ts";
import type { PulledObject } from "./envelope-reader.ts";

/**
 * Brent's way of finding a circle: of all pages, one is remembered (`mark`, a hash of what it held); it is the `most`th after
 * the one that was remembered before, and twice as far ahead lies the next.
 */
const Trail = z.object({ mark: z.string(), steps: z.number().int(), most: z.number().int() });
type Trail = z.infer<typeof Trail>;

/** One page further, or undefined where that page was on the trail before. */
export function stepOn(trail: Trail | undefined, content: string): Trail | undefined {
  if (trail === undefined) return { mark: content, steps: 0, most: 1 };
  if (trail.mark === content) return undefined;
  const { mark, steps, most } = trail;
  return steps + 1 < most ? { mark, steps: steps + 1, most } : { mark: content, steps: 0, most: most * 2 };
}

/**
 * How far a collection was pulled: what the next request asks for. `seen` are fingerprints of the objects at its
 * edge, which come again since dates may be equal there and `added_after` is exclusive (§3.4): they are passed over.
 */
export const PullPlace = z.object({
  /** RFC 3339; absent: from the collection's beginning. */
  addedAfter: z.string().optional(),
  /** The server's own word for where the next page begins. */
  next: z.string().optional(),
  /** With `next`: what the page held that gave it. The same page again shows that the server does not heed it. */
  page: z.string().optional(),
  /** Date of the last object that was pulled. */
  last: z.string().optional(),
  seen: z.array(z.string()).optional(),
  /** Pages without an object so far, one after the other. */
  empty: z.number().int().optional(),
  /** Where pages lead in a circle, this finds it, however long that is and however many pulls it takes. */
  trail: Trail.optional(),
});
export type PullPlace = z.infer<typeof PullPlace>;

/** Beyond so many objects of one date an edge is not remembered: what comes again is taken for new. */
const MOST_SEEN = 20_000;

/** A place to go on from by date alone, with the objects that stand at it. */
export function placeByDate(last: string | undefined, seen: Iterable<string>, before: PullPlace): PullPlace {
  const known = [...seen].slice(-MOST_SEEN);
  return {
    ...(last === undefined
      ? before.addedAfter !== undefined && { addedAfter: before.addedAfter }
      : { addedAfter: justBefore(last), last }),
    ...(known.length > 0 && { seen: known }),
  };
}

/** The same version of the same object; of what has no version, the same text. */
export function fingerprint({ id, modified, text }: PulledObject): string {
  const said = id === undefined || modified === undefined ? text : `${id} ${modified}`;
  return createHash("sha256").update(said).digest("base64url").slice(0, 16);
}
