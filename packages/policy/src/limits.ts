import type { z } from "zod";
import { Purpose, Subject } from "./subject.ts";

/**
 * What an originator says beside the marking to narrow who receives something: what for, until when, to whom at all,
 * and whether to those alone who are named. Absent: nothing was said of it.
 */
export const Limits = Subject.pick({ purpose: true, expires: true, noForward: true, releasableTo: true });
export type Limits = z.infer<typeof Limits>;

export const NO_LIMITS: Limits = {};

/** Where nobody says what for. */
const DEFAULT_PURPOSE: Purpose = "defence";

/**
 * Both of two statements about the same thing: whatever either withholds, this withholds. All purposes count, since a
 * rule that speaks of one can only restrict; the earlier end holds, and what both may be released to.
 */
export function joinLimits(a: Limits, b: Limits): Limits {
  if (saysNothing(a) && saysNothing(b)) return NO_LIMITS;
  const purpose = joinPurposes(a.purpose, b.purpose);
  const expires = earlier(a.expires, b.expires);
  const releasableTo = common(a.releasableTo, b.releasableTo);
  return {
    ...(purpose !== undefined && { purpose }),
    ...(expires !== undefined && { expires }),
    ...((a.noForward === true || b.noForward === true) && { noForward: true }),
    ...(releasableTo !== undefined && { releasableTo }),
  };
}

/** What holds of a newer version: what is said of it, and of what nothing is said what was said of the one before. */
export function followLimits(before: Limits, said: Limits): Limits {
  const { noForward, ...both } = { ...before, ...withoutAbsent(said) };
  return noForward === true ? { ...both, noForward } : both;
}

export function sameLimits(a: Limits, b: Limits): boolean {
  return a === b || JSON.stringify(inOrder(a)) === JSON.stringify(inOrder(b));
}

export function purposesOf({ purpose }: Pick<Subject, "purpose">): readonly Purpose[] {
  if (purpose === undefined) return [DEFAULT_PURPOSE];
  return typeof purpose === "string" ? [purpose] : purpose;
}

function saysNothing({ purpose, expires, noForward, releasableTo }: Limits): boolean {
  return purpose === undefined && expires === undefined && noForward !== true && releasableTo === undefined;
}

function joinPurposes(a: Limits["purpose"], b: Limits["purpose"]): Limits["purpose"] {
  if (a === undefined && b === undefined) return undefined;
  const all = new Set([...purposesOf({ purpose: a }), ...purposesOf({ purpose: b })]);
  const [only, ...others] = Purpose.options.filter((one) => all.has(one));
  return others.length === 0 ? only : [only ?? DEFAULT_PURPOSE, ...others];
}

/** What is no time is over already, and stays so. */
function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Date.parse(a) > Date.parse(b) || Number.isNaN(Date.parse(b)) ? b : a;
}

/** A member's name stands for its agencies: of a member and one of these, that agency is in both. */
function common(a: Limits["releasableTo"], b: Limits["releasableTo"]): Limits["releasableTo"] {
  if (a === undefined || b === undefined) return a ?? b;
  const inBoth = [...a.filter((code) => lists(b, code)), ...b.filter((code) => lists(a, code))];
  return [...new Set(inBoth)].sort();
}

function lists(codes: readonly string[], code: string): boolean {
  return codes.includes(code) || codes.includes(code.split(":")[0] ?? code);
}

function withoutAbsent(limits: Limits): Limits {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}

function inOrder({ purpose, expires, noForward, releasableTo }: Limits): unknown {
  const purposes = purpose === undefined ? null : purposesOf({ purpose }).toSorted();
  return [purposes, expires ?? null, noForward === true, releasableTo?.toSorted() ?? null];
}
