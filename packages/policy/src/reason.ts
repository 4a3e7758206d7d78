import { z } from "zod";

/** Why, in a closed list: what a recipient, an auditor or a program can rely on. */
export const ReasonCode = z.enum([
  // why it is sent
  "own-original",
  "community",
  "named",
  "client-of-named",
  "client-of-producer",
  "pair-allows",
  "agreement-in-force",
  // what is done to it first
  "approval-needed",
  "personal-data-redacted",
  // why it is not sent
  "not-in-audience",
  "unknown-marking",
  "unknown-recipient",
  "unknown-value",
  "red-needs-people",
  "people-read-inboxes",
  "public-needs-clear",
  "end-withheld",
  "not-releasable-to",
  "no-forward",
  "expired",
  "rule-failed",
  "pair-missing",
  "policy-not-effective",
  "policy-expired",
  "basis-not-in-force",
  "class-not-allowed",
  "class-needs-naming",
  "rule-withholds",
  "no-onward",
  "quota-reached",
]);
export type ReasonCode = z.infer<typeof ReasonCode>;

/**
 * Why: a stable code, the rule that said so ("pairs/CN-SG.json@1#cn.quota" where it is a pair's), the text that the
 * rule stands on, the entry of the comparative guide that explains it, and the places in the object that it is about.
 */
export const Reason = z.object({
  code: ReasonCode,
  rule: z.string(),
  source: z.string(),
  guide: z.string().optional(),
  paths: z.array(z.string()).readonly(),
});
export type Reason = z.infer<typeof Reason>;

export const NOWHERE: readonly string[] = [];
