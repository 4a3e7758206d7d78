import { z } from "zod";
import { jsonOr } from "../../error.ts";

/** Of group `why`, what members can hold against their own words; the rest is for people. */
const WhyValue = z.object({
  approvals: z.array(z.object({ approver: z.string(), word: z.string() })).default([]),
  recall: z.object({ id: z.string(), withdrawnAt: z.string(), dueAt: z.string() }).optional(),
});
export type WhyValue = z.infer<typeof WhyValue>;

/** Undefined where it names nobody's word: of most entries nothing is kept. */
export function readWhy(value: string | undefined): WhyValue | undefined {
  const read = WhyValue.safeParse(value === undefined ? undefined : jsonOr(value, undefined));
  if (!read.success) return undefined;
  return read.data.approvals.length === 0 && read.data.recall === undefined ? undefined : read.data;
}

const FromValue = z.object({ id: z.string() });

/** Of group `from`, which its originator alone is opened. */
export function readOriginal(value: string | undefined): string | undefined {
  return FromValue.safeParse(value === undefined ? undefined : jsonOr(value, undefined)).data?.id;
}
