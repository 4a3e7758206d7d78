import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { keysOf } from "../observable/keys-of.ts";
import type { StixObject } from "../stix-object.ts";
import { describeLife } from "./describe-life.ts";
import { type IndicatorFacts, kindsLookedFor, lifeOf, type ToldSighting } from "./life.ts";
import { type Decay, decayOf, Lifecycle, lastsMs, scoreAfter } from "./lifecycle.ts";
import { EXPIRATION_LABEL, sightedIn } from "./sighted.ts";

const DAY = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const day = (n: number): string => new Date(START + n * DAY).toISOString();
const DECAY: Decay = { lifetimeDays: 100, decay: 1, threshold: 10 };
const LIFECYCLE = Lifecycle.parse(
  JSON.parse(readFileSync(new URL("../../../../seeds/lifecycle.json", import.meta.url), "utf8")),
);
const [CN, MY, TH] = [1, 2, 3];
const indicator = (more: object = {}): StixObject =>
  ({ type: "indicator", id: "indicator--x", modified: day(0), valid_from: day(0), ...more }) as StixObject;
const said = (producer: number, kind: ToldSighting["kind"], on: number, seen = on): ToldSighting => ({
  ...{ kind, producer, of: ["indicator--x"], count: kind === "positive" ? 1 : 0 },
  ...{ firstSeen: undefined, lastSeen: day(seen), at: START + on * DAY, modified: START + on * DAY },
});
/** CN's indicator as a reader has it: over after so many days, by this. */
const life = (sightings: readonly ToldSighting[], more: object = {}, reader = MY) => {
  const facts: IndicatorFacts = { object: indicator(more), producer: CN, at: START, reader, sightings };
  const { expiresAt, because, scoreAt } = lifeOf(facts, DECAY, LIFECYCLE);
  return { days: (expiresAt - START) / DAY, because, score: (on: number) => scoreAt(START + on * DAY) };
};

describe("MISP's polynomial", () => {
  test.each([
    // base, days, τ, δ, by hand: base × (1 − (t/τ)^(1/δ))
    [80, 0, 120, 2, 80],
    [80, 30, 120, 2, 40],
    [80, 30, 120, 1, 60],
    [80, 30, 120, 0.5, 75],
    [80, 120, 120, 2, 0],
    [80, 500, 120, 2, 0],
    [80, -1, 120, 2, 80],
  ])("of %d after %d days of %d with δ = %d is %d", (base, days, lifetimeDays, decay, score) => {
    expect(scoreAfter(base, days * DAY, { lifetimeDays, decay, threshold: 0 })).toBeCloseTo(score, 9);
  });

  test("reaches the threshold at the end that is worked out, and not before", () => {
    for (const decay of [0.5, 1, 2.7]) {
      const shape = { lifetimeDays: 90, decay, threshold: 25 };
      expect(scoreAfter(60, lastsMs(60, shape), shape)).toBeCloseTo(25, 6);
    }
    expect(lastsMs(24, { ...DECAY, threshold: 25 })).toBe(0);
    expect(lastsMs(0, { ...DECAY, threshold: 0 })).toBe(0);
  });
});

describe("an end", () => {
  test("is worked out where none is written: the surer, the later", () => {
    expect(life([])).toMatchObject({ days: 80, because: "decay" });
    expect(life([], { confidence: 100 }).days).toBe(90);
    expect(life([], { confidence: 9 }).days).toBe(0);
    expect(life([]).score(40)).toBe(30);
    expect(life([]).score(80)).toBe(0);
  });

  test("that is written holds as it is, though decay would end it sooner, or a sighting make it later", () => {
    expect(life([], { valid_until: day(500) })).toMatchObject({ days: 500, because: "valid_until" });
    expect(life([said(TH, "positive", 3)], { valid_until: day(5) }).days).toBe(5);
    expect(life([said(TH, "positive", 3)], { revoked: true }).because).toBe("revoked");
    expect(life([], { valid_until: "soon" }).score(0)).toBe(0);
  });

  test("is counted from when it was stated last, and never from after it was logged", () => {
    expect(life([], { valid_from: day(-50), modified: day(-20) }).days).toBe(60);
    expect(life([], { modified: day(900) }).days).toBe(80);
    expect(life([], { valid_from: day(10) }).days).toBe(90);
  });
});

test("nothing is looked for before its valid_from, however far that lies ahead", () => {
  expect(life([], { valid_from: day(10) }).score(9)).toBe(0);
  expect(life([], { valid_from: day(10) }).score(10)).toBe(50);
  const object = indicator({ valid_from: "9999-12-31T23:59:59.999Z" });
  const facts = { object, producer: 1, at: Date.parse(day(0)), reader: 1, sightings: [] };
  const told = describeLife(facts, LIFECYCLE, Date.parse(day(1)));
  expect(told).toMatchObject({ score: 0, expired: false, expiresAt: "9999-12-31T23:59:59.999Z" });
});

describe("a positive sighting", () => {
  test("begins the decay anew, whoever says it", () => {
    expect(life([said(TH, "positive", 60)]).days).toBe(140);
    expect(life([said(TH, "positive", 60), said(MY, "positive", 20)]).days).toBe(140);
  });

  test("of long ago does not, and one of a time to come is of when it was logged", () => {
    expect(life([said(TH, "positive", 60, -30)]).days).toBe(80);
    expect(life([said(TH, "positive", 60, 5_000)]).days).toBe(140);
  });
});

describe("an expiration", () => {
  test("of the originator ends it for everybody, from the day that it says", () => {
    expect(life([said(CN, "expiration", 10)], {}, TH)).toMatchObject({ days: 10, because: "sighting" });
    expect(life([said(CN, "expiration", 10, 30)], { valid_until: day(500) }, TH).days).toBe(30);
  });

  test("of another ends it for that one, and for nobody else", () => {
    expect(life([said(MY, "expiration", 10)], {}, MY).days).toBe(10);
    expect(life([said(MY, "expiration", 10)], {}, TH).days).toBe(80);
    expect(life([said(MY, "expiration", 10)], {}, CN).days).toBe(80);
  });

  test("is over itself once who said it states the indicator anew, or saw it again", () => {
    expect(life([said(CN, "expiration", -5)]).days).toBe(80);
    expect(life([said(CN, "expiration", 10), said(CN, "positive", 20)], {}, TH).days).toBe(100);
    expect(life([said(MY, "expiration", 10), said(TH, "positive", 20)]).days).toBe(10);
  });
});

test("that it was looked for and not seen weakens it by its originator's or its reader's word alone", () => {
  expect(life([said(MY, "negative", 1)]).score(0)).toBe(25);
  expect(life([said(MY, "negative", 1)]).days).toBe(60);
  expect(life([said(CN, "negative", 1)], {}, TH).score(0)).toBe(25);
  expect(life([said(MY, "negative", 1)], {}, TH).score(0)).toBe(50);
});

test("of several kinds of values the longest-lived counts, and of a URL not its host", () => {
  const pattern = "[url:value = 'http://evil.example/a' OR ipv4-addr:value = '198.51.100.7']";
  const kinds = kindsLookedFor(indicator({ pattern, pattern_type: "stix" }));
  expect([...kinds].sort()).toEqual(["ipv4", "url"]);
  expect(decayOf(kinds, LIFECYCLE)).toBe(LIFECYCLE.kinds.url);
  const both = indicator({
    pattern: `[file:hashes.'SHA-1' = '${"cd".repeat(20)}' AND file:hashes.MD5 = '${"ab".repeat(16)}']`,
    pattern_type: "stix",
  });
  expect([...kindsLookedFor(both)].sort()).toEqual(["md5", "sha1"]);
  expect(decayOf([], LIFECYCLE)).toBe(LIFECYCLE.otherwise);
});

describe("what says that something was seen", () => {
  const sighting = (more: object) =>
    ({ type: "sighting", id: "sighting--x", sighting_of_ref: "Indicator--X", ...more }) as StixObject;
  test.each([
    [{}, "positive"],
    [{ count: 7 }, "positive"],
    [{ count: 0 }, "negative"],
    [{ count: 0, labels: [EXPIRATION_LABEL] }, "expiration"],
  ])("%j is %s, and found by what it is of", (more, kind) => {
    expect(sightedIn(sighting(more))).toMatchObject({ kind });
    expect(keysOf(sighting(more))).toEqual(["sighting:indicator--x"]);
  });

  test("is an opinion against it, too; nothing that is revoked, and no opinion for it", () => {
    const opinion = (word: string) =>
      ({ type: "opinion", opinion: word, object_refs: ["indicator--x", 7] }) as unknown as StixObject;
    expect(sightedIn(opinion("strongly-disagree"))).toMatchObject({ kind: "negative", of: ["indicator--x"] });
    expect(sightedIn(opinion("agree"))).toBeUndefined();
    expect(keysOf(opinion("agree"))).toEqual([]);
    expect(sightedIn(sighting({ revoked: true }))).toBeUndefined();
  });
});
