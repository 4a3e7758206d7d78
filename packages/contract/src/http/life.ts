import { z } from "zod";
import { Instant } from "./shared.ts";

export const SightingType = z
  .enum(["positive", "negative", "expiration"])
  .describe(
    "`positive`: it was seen; `negative`: it was looked for and not seen, or is a false positive; `expiration`: it is over from `lastSeen` on",
  );
export type SightingType = z.infer<typeof SightingType>;

/** Counted over what the caller may read, and nothing else: members, a member's agencies as it. */
export const SightingCounts = z.object({
  seenBy: z.int().describe("Members that saw it, your own among them"),
  notSeenBy: z.int().describe("Members that say that it was not there, or is a false positive"),
  endedBy: z.int().describe("Members that say that it is over"),
  count: z.int().describe("How often it was seen in all"),
  firstSeen: Instant.nullable(),
  lastSeen: Instant.nullable(),
});
export type SightingCounts = z.infer<typeof SightingCounts>;

export const ToldSighting = z.object({
  id: z.string(),
  producer: z.string(),
  type: SightingType,
  count: z.int(),
  firstSeen: Instant.nullable(),
  lastSeen: Instant.nullable(),
  seq: z.int(),
  at: Instant,
});
export type ToldSighting = z.infer<typeof ToldSighting>;

export const IndicatorLife = z.object({
  confidence: z
    .object({ value: z.int(), word: z.string().describe("None, Low, Med or High (STIX 2.1 appendix A.1)") })
    .nullable(),
  score: z.int().describe("0 to 100 at this moment; 0 before its valid_from, and once it is over"),
  expiresAt: Instant.nullable().describe("Its valid_until, or what is worked out; null where it is revoked"),
  computed: z.boolean().describe("Its producer wrote no end"),
  expired: z.boolean().describe("It is in no blocklist any more"),
  by: z
    .enum(["revoked", "valid_until", "sighting", "decay"])
    .describe("What ends it: its producer's word, an expiration of its producer's or your own, or its age"),
});
export type IndicatorLife = z.infer<typeof IndicatorLife>;
