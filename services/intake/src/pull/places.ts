import { z } from "zod";
import { EventTrouble } from "./feed-troubles.ts";

/* How far a source of each kind has come; a TAXII collection's is its client's PullPlace. */

/** What a server said of a file, to ask whether it has changed since (RFC 9110 §8.8). */
export const Validators = z.object({ etag: z.string().optional(), lastModified: z.string().optional() });
export type Validators = z.infer<typeof Validators>;

export const FeedPlace = z.object({
  /** Unix seconds: what changed before is not asked for. */
  after: z.number().optional(),
  /** Of the manifest, once all that it lists was taken. */
  manifest: Validators.optional(),
  /** When the last event that was taken had changed. */
  last: z.string().optional(),
  /** Events that could not be taken, the latest of them. */
  troubles: z.array(EventTrouble).optional(),
  /** How many there are in all. */
  untaken: z.number().int().optional(),
});
export type FeedPlace = z.infer<typeof FeedPlace>;

export const FilePlace = z.object({
  validators: Validators.optional(),
  /** Of the content that was submitted last. */
  sha256: z.string().optional(),
  /** How many contents were submitted: the same one later is another submission. */
  taken: z.number().default(0),
  last: z.string().optional(),
});
export type FilePlace = z.infer<typeof FilePlace>;

export const DropPlace = z.object({ last: z.string().optional() });
export type DropPlace = z.infer<typeof DropPlace>;

/** As long as anybody's; what is no header's value is not sent back. */
const SENT_BACK = /^[\x20-\x7e]{1,500}$/;

export function validatorsOf(headers: { get(name: string): string | null }): Validators {
  const [etag, lastModified] = ["etag", "last-modified"].map((name) => {
    const value = headers.get(name);
    return value !== null && SENT_BACK.test(value) ? value : undefined;
  });
  return { ...(etag && { etag }), ...(lastModified && { lastModified }) };
}

/** RFC 9110 §13.1.2, §13.1.3 */
export function conditionsOf({ etag, lastModified }: Validators = {}): Record<string, string> {
  return {
    ...(etag !== undefined && { "if-none-match": etag }),
    ...(lastModified !== undefined && { "if-modified-since": lastModified }),
  };
}
