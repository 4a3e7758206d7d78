import type { PolicyProposal, ProposalDocument } from "@suar/contract";
import { type KeysOf, type PolicyIndex, policyHash, policySetHash } from "@suar/policy";
import type { SuarClient } from "../../client.ts";
import { SuarError } from "../../error.ts";
import { collect } from "../shell/collect.ts";
import { type PolicyFinding, unsigned } from "./check-policies.ts";

/** Every version that members ever signed, as the platform tells of them. */
export type PolicyHistory = { versions: readonly ProposalDocument[]; findings: PolicyFinding[] };

export async function readHistory(client: SuarClient, keysOf: KeysOf | undefined): Promise<PolicyHistory> {
  const history: { versions: ProposalDocument[]; findings: PolicyFinding[] } = { versions: [], findings: [] };
  for (const { id, pair, version } of await collect(client.policies.proposals({ state: "signed" }))) {
    const read = await readVersion(client, id, keysOf);
    if ("why" in read) history.findings.push({ pair, why: `version ${version}: ${read.why}` });
    else history.versions.push(read.version);
  }
  return history;
}

async function readVersion(
  client: SuarClient,
  id: string,
  keysOf: KeysOf | undefined,
): Promise<{ version: ProposalDocument } | { why: string }> {
  try {
    const version = await client.policies.proposal(id);
    if (policyHash(version.policy) !== version.hash)
      return { why: "it has another hash than the platform tells" };
    const why = keysOf && unsigned(version.policy, version.signatures, keysOf);
    return why === undefined ? { version } : { why };
  } catch (error) {
    if (error instanceof SuarError && error.code === "conflict") return { why: error.message };
    throw error;
  }
}

type Time = { from: number; until: number };
type Hashes = Readonly<Record<string, string>>;
type Signed = Pick<PolicyProposal, "pair" | "version" | "hash" | "inForceFrom">;
export type Sets = ReadonlyMap<string, readonly Time[]>;

/** When which whole set of policies was in force, by its hash: of each pair what ships, and then one version after the other. */
export function setsInForce(shipped: readonly PolicyIndex[], versions: readonly Signed[]): Sets {
  const sets = new Map<string, Time[]>();
  for (const { hashes, time } of segments(shipped, versions)) note(sets, policySetHash(hashes), time);
  return sets;
}

/** So many sets with pairs left out are made at the most, for all receipts together. */
const MOST_SETS = 200_000;

/**
 * The same with pairs left out, which are closed for as long as the platform cannot verify what its rows say of them: any one,
 * two that members signed, or all that they signed. That withholds more, and lets nothing go. They are very many: those of a
 * time are made when a receipt of it asks, and once.
 */
export class ClosedSets {
  readonly #segments: readonly Segment[];
  readonly #signed: readonly string[];
  readonly #made = new Map<Segment, ReadonlySet<string>>();
  #left: number;

  constructor(shipped: readonly PolicyIndex[], versions: readonly Signed[], most = MOST_SETS) {
    this.#segments = segments(shipped, versions);
    this.#signed = [...new Set(versions.map(({ pair }) => pair))];
    this.#left = most;
  }

  /** Whether one was in force at some moment of a time; undefined: there were too many to look through. */
  has(hash: string, { from, until }: Time): boolean | undefined {
    let isAll = true;
    for (const segment of this.#segments) {
      if (segment.time.from > until || segment.time.until < from) continue;
      const made = this.#setsOf(segment);
      if (made?.has(hash) === true) return true;
      isAll &&= made !== undefined;
    }
    return isAll ? false : undefined;
  }

  #setsOf(segment: Segment): ReadonlySet<string> | undefined {
    const before = this.#made.get(segment);
    if (before !== undefined) return before;
    const pairs = Object.keys(segment.hashes);
    const signed = this.#signed;
    const count = pairs.length + (signed.length * (signed.length - 1)) / 2 + 1;
    if (count > this.#left) return undefined;
    this.#left -= count;
    const twos = signed.flatMap((one, n) => signed.slice(n + 1).map((other) => [one, other]));
    const closings = [...pairs.map((pair) => [pair]), ...twos, signed].filter(({ length }) => length > 0);
    const made = new Set(closings.map((closed) => policySetHash(without(segment.hashes, closed))));
    this.#made.set(segment, made);
    return made;
  }
}

type Segment = { hashes: Hashes; time: Time };

function segments(shipped: readonly PolicyIndex[], versions: readonly Signed[]): Segment[] {
  const begun = versions
    .flatMap((one) => (one.inForceFrom === null ? [] : [{ ...one, from: Date.parse(one.inForceFrom) }]))
    .sort((a, b) => a.from - b.from);
  const all: Segment[] = [];
  for (const { policies } of shipped) {
    const hashes = { ...policies };
    const last = new Map<string, number>();
    let from = Number.NEGATIVE_INFINITY;
    const end = (until: number): void => {
      if (until > from) all.push({ hashes: { ...hashes }, time: { from, until } });
      from = until;
    };
    for (const one of begun) {
      if (one.version < (last.get(one.pair) ?? 0)) continue;
      end(one.from);
      hashes[one.pair] = one.hash;
      last.set(one.pair, one.version);
    }
    end(Number.POSITIVE_INFINITY);
  }
  return all;
}

function without(hashes: Hashes, closed: readonly string[]): Hashes {
  return Object.fromEntries(Object.entries(hashes).filter(([pair]) => !closed.includes(pair)));
}

function note(sets: Map<string, Time[]>, hash: string, time: Time): void {
  sets.set(hash, [...(sets.get(hash) ?? []), time]);
}
