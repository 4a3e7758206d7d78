import { seededChance } from "../support/seeded-random.ts";
import type { Reader } from "./readers.ts";
import type { Seen } from "./seen.ts";
import { askInTurns, type Call, type Company, hashOf, PROVED } from "./turns.ts";

/** So much of a kind of things each company asks for, that is not the first of its kind. */
export const SHARE = 24;

/** So many of them are asked for by each reader of such a company, before its readers take turns at the others. */
const PROVED_OF_SHARE = 3;

/** A company of the crawl, and the one of its kind that asks for everything. */
export type Share = {
  company: Company;
  first: Company;
  /** Who asks for each page, list, filter and format; others for each list in one way. */
  asksAll(reader: Reader): boolean;
};

/**
 * Those that ask for everything: a CERT and an agency that made none of what is asked for, who shares an office with the
 * sender of RED, a player, the operator and nobody.
 */
const FIRST = new Set([
  "BN analyst",
  "CN:example-telecom analyst",
  "the sender's colleague",
  "the drill's TH analyst",
  "the operator",
  "nobody",
]);

/** One of each kind of reader: each role of a CERT, of an agency and of a drill, people's sessions, the operator and nobody. */
const ASK_ALL = new Set([
  ...["MY analyst", "BN subscriber", "CN officer", "TH coordinator"],
  ...["SG:example-bank analyst", "MY:example-port subscriber"],
  ...["CN:example-telecom officer", "SG:example-power coordinator"],
  ...["the drill's TH analyst", "the drill's SG subscriber"],
  ...["the sender of RED", "the addressee of RED", "the operator", "nobody"],
]);

export function asksAll({ name }: Reader): boolean {
  return ASK_ALL.has(name);
}

/** Kinds of readers of which nobody asks for all. */
export function kindsLeftOut(readers: readonly Reader[]): string[] {
  const kindOf = ({ realm, party, role, person }: Reader): string =>
    [realm, party?.kind, role, person === undefined ? "key" : "session"].join(" ");
  const asking = new Set(readers.filter(asksAll).map(kindOf));
  return readers.map(kindOf).filter((kind) => !asking.has(kind));
}

/** A kind of which nobody is named has no first: all of its companies ask for everything. */
export function sharesOf(companies: readonly Company[]): Share[] {
  return [...Map.groupBy(companies, kindOf).values()].flatMap((likes) => {
    const first = likes.find((company) => company.some(({ name }) => FIRST.has(name)));
    return likes.map((company) => ({ company, first: first ?? company, asksAll }));
  });
}

/** Those that stand for no other kind, by the name of each. */
export function kindsWithoutFirst(shares: readonly Share[]): string[] {
  const firsts = new Set(shares.flatMap(({ first }) => (first.some(isNamed) ? [first] : [])).map(kindOf));
  return shares.map(({ company }) => kindOf(company)).filter((kind) => !firsts.has(kind));
}

const isNamed = ({ name }: Reader): boolean => FIRST.has(name);

function kindOf([one]: Company): string {
  const { realm, party, role, person } = one as Reader;
  const stands = party === undefined ? role : person === undefined ? "keys" : "a session";
  return [realm, party?.kind, stands].join(" ");
}

/**
 * What a company asks for of a road's: everything as the first of its kind; else `SHARE` of it, by the company and the road
 * others in every run alike, and whatever the first `cannot` ask for as a stranger.
 */
export function shareOf<T>(
  { company, first }: Share,
  road: string,
  all: readonly T[],
  { most = SHARE, cannot = () => false }: { most?: number; cannot?: (one: T) => boolean } = {},
): readonly T[] {
  if (company === first) return all;
  const chosen = new Set(someOf(all, most, `${nameOf(company)} ${road}`));
  return all.filter((one) => chosen.has(one) || cannot(one));
}

/** As `askInTurns`: that the roles of a kind are answered alike is what its first one proves at length. */
export async function* askShare<T extends Seen>(
  { company, first }: Share,
  road: string,
  calls: readonly Call<T>[],
): AsyncGenerator<T> {
  yield* askInTurns(company, road, calls, company === first ? PROVED : PROVED_OF_SHARE);
}

/** By all of its readers, in whatever order they ask. */
function nameOf(company: Company): string {
  return company
    .map(({ name }) => name)
    .sort()
    .join();
}

/** So many of them at most, by a seed: the same ones in every run. */
export function someOf<T>(all: readonly T[], most: number, seed: string): readonly T[] {
  const chance = seededChance(hashOf(seed));
  const left = [...all];
  const taken: T[] = [];
  while (taken.length < most && left.length > 0)
    taken.push(...left.splice(Math.floor(chance.next() * left.length), 1));
  return taken;
}
