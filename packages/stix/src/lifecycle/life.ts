import { keysOf } from "../observable/keys-of.ts";
import { ObservableKind } from "../observable/observable-kind.ts";
import { valuesAlone } from "../observable/values-alone.ts";
import type { StixObject } from "../stix-object.ts";
import { type Decay, type Lifecycle, lastsMs, scoreAfter } from "./lifecycle.ts";
import type { Sighted } from "./sighted.ts";

/** A sighting that the reader may see: who says it, and when it was logged and made. Milliseconds. */
export type ToldSighting = Sighted & { producer: number; at: number; modified: number };

/** An indicator as one reader has it: who states it, when it was logged, and what was said of it since. */
export type IndicatorFacts = {
  object: StixObject;
  producer: number;
  at: number;
  reader: number;
  sightings: readonly ToldSighting[];
};

export type EndReason = "revoked" | "valid_until" | "sighting" | "decay";

/** How long an indicator is good for to one reader. */
export type Life = {
  /** From then on it is over; milliseconds. */
  expiresAt: number;
  because: EndReason;
  isOver(now: number): boolean;
  /** 0 to 100; 0 before its `valid_from`, and once it is over. */
  scoreAt(now: number): number;
};

type End = { at: number; because: EndReason };

/**
 * An end that the producer wrote (`valid_until`, `revoked`) holds as it is; where there is none it is worked out. Whoever
 * sees it keeps it alive: any sighting that the reader may read begins the decay anew. That it is over, or was not seen, ends
 * or weakens it by the word of its originator, and for whoever says so: nobody takes another's indicator from others.
 */
export function lifeOf(facts: IndicatorFacts, decay: Decay, lifecycle: Lifecycle): Life {
  const { object } = facts;
  const words = [originatorsWord(facts), readersWord(facts)].filter((word) => word !== undefined);
  const isDoubted = words.some(({ kind }) => kind === "negative");
  const base = baseOf(object, lifecycle) * (isDoubted ? lifecycle.doubted : 1);
  const since = sinceOf(facts);
  const own = writtenEnd(object) ?? { at: since + lastsMs(base, decay), because: "decay" };
  const said = words.filter(({ kind }) => kind === "expiration").map(endSaid);
  const first = [own, ...said].reduce((a, b) => (b.at < a.at ? b : a));
  const isOver = (now: number): boolean => !(first.at > now);
  const begins = timeOr(object.valid_from, Number.NEGATIVE_INFINITY);
  return {
    expiresAt: first.at,
    because: first.because,
    isOver,
    scoreAt: (now) => (isOver(now) || now < begins ? 0 : scoreAfter(base, now - since, decay)),
  };
}

/** The kinds of values that an indicator looks for. */
export function kindsLookedFor(object: StixObject): ReadonlySet<ObservableKind> {
  const { pattern, pattern_type: language } = object;
  const alone = language === "stix" && typeof pattern === "string" ? valuesAlone(pattern) : undefined;
  if (alone?.isPlain === true) return new Set(alone.values.map(({ kind }) => kind));
  const kinds = keysOf(object).map((key) => ObservableKind.safeParse(key.slice(0, key.indexOf(":"))).data);
  return new Set(kinds.filter((kind) => kind !== undefined));
}

function baseOf({ confidence }: StixObject, lifecycle: Lifecycle): number {
  return typeof confidence === "number" && confidence >= 0 && confidence <= 100 ? confidence : lifecycle.base;
}

/** STIX 2.1 §3.2, §4.7.1. A time that cannot be read is over. */
function writtenEnd({ revoked, valid_until: until }: StixObject): End | undefined {
  if (revoked === true) return { at: Number.NEGATIVE_INFINITY, because: "revoked" };
  if (until === undefined) return undefined;
  const at = timeOf(until);
  return { at: Number.isNaN(at) ? Number.NEGATIVE_INFINITY : at, because: "valid_until" };
}

/** When it was stated or seen last. What is dated after it was logged is no younger for that. */
function sinceOf({ object, at, sightings }: IndicatorFacts): number {
  const stated = Math.min(timeOr(object.modified, at), at);
  const seen = sightings
    .filter(({ kind }) => kind === "positive")
    .map((one) => Math.min(timeOr(one.lastSeen ?? one.firstSeen, one.modified), one.at));
  return Math.max(timeOr(object.valid_from, stated), stated, ...seen);
}

/** The last thing that the originator said of it, where it said that after the version that is looked at. */
function originatorsWord({ object, producer, sightings }: IndicatorFacts): ToldSighting | undefined {
  const stated = timeOr(object.modified, Number.POSITIVE_INFINITY);
  const word = lastOf(sightings.filter((one) => one.producer === producer));
  return word !== undefined && word.modified > stated ? word : undefined;
}

function readersWord({ reader, sightings }: IndicatorFacts): ToldSighting | undefined {
  return lastOf(sightings.filter((one) => one.producer === reader));
}

function lastOf(sightings: readonly ToldSighting[]): ToldSighting | undefined {
  return sightings.toSorted((a, b) => b.modified - a.modified || b.at - a.at)[0];
}

function endSaid({ lastSeen, firstSeen, modified }: ToldSighting): End {
  return { at: timeOr(lastSeen ?? firstSeen, modified), because: "sighting" };
}

function timeOf(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

function timeOr(value: unknown, otherwise: number): number {
  const time = timeOf(value);
  return Number.isNaN(time) ? otherwise : time;
}
