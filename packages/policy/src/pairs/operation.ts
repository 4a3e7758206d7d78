import { z } from "zod";
import { PiiClass } from "../personal-data.ts";

/** What becomes of personal data that would cross a border (DESIGN 3). */
export const Operation = z.enum(["drop", "mask", "hmac", "cryptopan"]);
export type Operation = z.infer<typeof Operation>;

/**
 * By what can still be tied to a person: nothing of what is dropped; of what is masked a shape, which ties no two
 * objects; a pseudonym (`hmac`) ties all that is said of one person together; `cryptopan` does that and keeps the
 * network, which can be found out again where enough addresses of it are known.
 */
const STRICTEST_LAST: readonly Operation[] = ["cryptopan", "hmac", "mask", "drop"];

/** 1 for the mildest; 0 for none. */
export function strictnessOf(op: Operation): number {
  return STRICTEST_LAST.indexOf(op) + 1;
}

export function stricterOperation(a: Operation, b: Operation): Operation {
  return strictnessOf(a) >= strictnessOf(b) ? a : b;
}

/** By strictness. */
export function operationOf(strictness: number): Operation {
  const op = STRICTEST_LAST[strictness - 1];
  if (op === undefined) throw new RangeError("no such operation");
  return op;
}

/**
 * The operations that make sense for each kind: only an address has a network to keep, and of a field that nobody
 * knows nothing can be kept, since nobody knows what it holds.
 */
const Dropped = Operation.extract(["drop"]);
const Shown = Operation.extract(["drop", "mask", "hmac"]);

/** A treatment for every kind of personal data: a kind without one does not parse. */
export const Operations = z.strictObject({
  person: Shown,
  email: Shown,
  phone: Shown,
  nationalId: Shown,
  passport: Shown,
  victimIp: Operation,
  account: Shown,
  unlisted: Dropped,
} satisfies Record<PiiClass, z.ZodType>);
export type Operations = z.infer<typeof Operations>;

/** Kinds of personal data as numbers, so that a decision can count in a small array. */
export const PII_CLASSES: readonly PiiClass[] = PiiClass.options;
const INDEX: ReadonlyMap<string, number> = new Map(PII_CLASSES.map((name, index) => [name, index]));

/** Throws for a kind that it does not know: what nobody knows how to treat is not sent. */
export function piiIndex(name: PiiClass): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new RangeError("unknown kind of personal data");
  return index;
}
