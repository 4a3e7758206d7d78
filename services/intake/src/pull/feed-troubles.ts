import { TaxiiFault, type TaxiiFaultCode } from "@suar/taxii";
import { z } from "zod";
import { addressRefusal } from "./guarded-fetch.ts";
import { eventPatience } from "./pull-schedule.ts";
import { SourceFault } from "./source-fault.ts";

/* What a feed lists and cannot be taken: one event's trouble is not another's, and none is passed over in silence. Pure. */

export const EventTrouble = z.object({
  event: z.string(),
  code: z.string(),
  detail: z.string(),
  /** How often it was asked for, as it is listed. */
  tries: z.number().int(),
  /** RFC 3339, of the last try. */
  at: z.string(),
});
export type EventTrouble = z.infer<typeof EventTrouble>;

/** Why an event was left. */
export type EventFault = { code: string; detail: string };

/** So many are told one by one; of the rest their number is. */
const MOST_TOLD = 50;
const LONGEST_DETAIL = 300;

/** These are all the feed's: it wants other credentials, to be asked later, or is not ours to ask any more. */
const OF_THE_FEED = new Set<TaxiiFaultCode>(["unauthorized", "busy"]);
/** After these it may be that the server is down, and the event as it should be. */
const PERHAPS_DOWN = new Set<string>(["unreachable", "too-slow", "server-error"] satisfies TaxiiFaultCode[]);

/** What an error says of one event; undefined where it is not the event's alone. */
export function eventFault(error: unknown): EventFault | undefined {
  const refused = addressRefusal(error);
  if (refused !== undefined) return faultOf("address-refused", refused.message);
  if (error instanceof SourceFault) return faultOf(error.code, error.message);
  if (error instanceof TaxiiFault && !OF_THE_FEED.has(error.code)) return faultOf(error.code, error.message);
  return undefined;
}

function faultOf(code: string, message: string): EventFault {
  return { code, detail: message.slice(0, LONGEST_DETAIL).toWellFormed() };
}

export function isPerhapsDown({ code }: EventFault): boolean {
  return PERHAPS_DOWN.has(code);
}

/** What became of events, by their UUIDs: why each was left, or undefined. */
export type Tried = ReadonlyMap<string, { fault: EventFault | undefined; isRetry: boolean }>;

/** The latest troubles, the last one first. */
export function toldTroubles(before: readonly EventTrouble[], tried: Tried, now: Date): EventTrouble[] {
  const known = new Map(before.map((trouble) => [trouble.event, trouble]));
  const fresh = [...tried].flatMap(([event, { fault, isRetry }]) => {
    if (fault === undefined) return [];
    const tries = (isRetry ? (known.get(event)?.tries ?? 1) : 0) + 1;
    return [{ event, ...fault, tries, at: now.toISOString() }];
  });
  return [...fresh.reverse(), ...before.filter(({ event }) => !tried.has(event))].slice(0, MOST_TOLD);
}

/** Those whose turn it is again. */
export function dueAgain(troubles: readonly EventTrouble[], now: Date): string[] {
  return troubles
    .filter(({ at, tries }) => now.getTime() - Date.parse(at) >= eventPatience(tries))
    .map(({ event }) => event);
}
