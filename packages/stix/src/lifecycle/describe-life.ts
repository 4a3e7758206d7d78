import { confidenceWord } from "../confidence/confidence-scale.ts";
import { type EndReason, type IndicatorFacts, kindsLookedFor, lifeOf } from "./life.ts";
import { decayOf, type Lifecycle } from "./lifecycle.ts";

/** What a reader is told of how sure an indicator is, and how long it is good for. */
export type LifeTold = {
  confidence: { value: number; word: string } | null;
  score: number;
  expiresAt: string | null;
  /** Its producer wrote no end. */
  computed: boolean;
  expired: boolean;
  by: EndReason;
};

/** A time of STIX has four digits for its year (RFC 3339 §5.6); one that is worked out may lie behind. */
const LAST_TIME = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** How long an indicator is good for to its reader, at a moment. */
export function describeLife(facts: IndicatorFacts, lifecycle: Lifecycle, now: number): LifeTold {
  const { object } = facts;
  const life = lifeOf(facts, decayOf(kindsLookedFor(object), lifecycle), lifecycle);
  const word = confidenceWord(object.confidence);
  const end = new Date(Math.min(life.expiresAt, LAST_TIME));
  return {
    confidence: word === undefined ? null : { value: Number(object.confidence), word },
    score: Math.round(life.scoreAt(now)),
    expiresAt: Number.isNaN(end.getTime()) ? null : end.toISOString(),
    computed: object.valid_until === undefined && object.revoked !== true,
    expired: life.isOver(now),
    by: life.because,
  };
}
