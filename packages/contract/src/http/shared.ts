import { z } from "zod";

/** A list's page: `next` is absent on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().optional() });
}

/** How lists are paged: `after` is the `next` of the page before. */
export const PageQuery = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const IdParams = z.object({ id: z.uuid() });
export const Instant = z.string().describe("RFC 3339, UTC");
/**
 * The name under which a reader is told of a recipient. The gate's `toldAs` alone makes one, so that a code that is
 * another member's to tell does not fit where a reply names recipients.
 */
export const ToldName = z
  .string()
  .brand<"ToldName", "inout">()
  .describe(
    "`public`, a member's CERT, an agency of your own member, or one that you named yourself. A member's code stands for its agencies too: which it has is its own to tell",
  );
export type ToldName = z.infer<typeof ToldName>;

export const Label = z.string().trim().min(1).max(200);

/** `true` and `false` as query parameters. */
export const Flag = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");
