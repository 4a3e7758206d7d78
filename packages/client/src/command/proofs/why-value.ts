import { z } from "zod";
import { jsonOr } from "../../error.ts";

/** Of group `why`, what members can hold against their own words; the rest is for people. */
const WhyValue = z.object({
  approvals: z.array(z.object({ approver: z.string(), word: z.string() })).default([]),
  recall: z.object({ id: z.string(), withdrawnAt: z.string(), dueAt: z.string() }).optional(),
  /** Why something is taken away; older entries do not say. */
  cause: z.string().optional(),
});
export type WhyValue = z.infer<typeof WhyValue>;

/** Undefined where it names nobody's word and no cause: of most entries nothing is kept. */
export function readWhy(value: string | undefined): WhyValue | undefined {
  const read = WhyValue.safeParse(value === undefined ? undefined : jsonOr(value, undefined));
  if (!read.success) return undefined;
  const { approvals, recall, cause } = read.data;
  return approvals.length === 0 && recall === undefined && cause === undefined ? undefined : read.data;
}

const FromValue = z.object({ id: z.string() });

/** Of group `from`, which its originator alone is opened. */
export function readOriginal(value: string | undefined): string | undefined {
  return FromValue.safeParse(value === undefined ? undefined : jsonOr(value, undefined)).data?.id;
}
