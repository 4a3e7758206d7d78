import { setImmediate as turn } from "node:timers/promises";
import type { ObservableKind } from "@suar/stix";
import { DigestSet, digestOf } from "./digest-set.ts";
import { formsOf, nameOf } from "./entry-forms.ts";
import { kindsOfList } from "./kinds-of-list.ts";
import { folded, type LookedUp } from "./looked-up.ts";
import { type Network, networkOf } from "./network.ts";
import { NetworkSet } from "./network-set.ts";
import { PatternSet } from "./pattern-set.ts";
import { SubstringSet } from "./substring-set.ts";
import { MOST_OF_LIST, Places, type WarningList, type WarningListType } from "./warning-list.ts";

/** A list in the form in which it is asked. */
export type CompiledList = {
  readonly kinds: ReadonlySet<ObservableKind>;
  /** Whether a value is on it, of whatever kind. */
  holds(looked: LookedUp): boolean;
};

/** `faults`: what is no entry of its type. `notes`: what is taken, and holds more than its author may mean. */
type Compilation = { compiled: CompiledList; faults: Places; notes: Places };

const TURN = 5_000;

/** Compiles a list. Others have their turn meanwhile. */
export async function compileList(list: WarningList): Promise<Compilation> {
  const [faults, notes] = [new Places(), new Places()];
  const kinds = kindsOfList(list);
  if (kinds.size === 0)
    notes.add(0, "no-kind", "The list's matching_attributes name no kind that it can hold");
  const taking = TAKING[list.type](notes);
  for (const [index, entry] of list.list.entries()) {
    if (index % TURN === TURN - 1) await turn();
    const fault = faultOf(entry) ?? taking.take(entry, index);
    if (fault !== undefined) faults.add(index, "bad-entry", fault);
  }
  return { compiled: { kinds, holds: faults.inAll > 0 ? () => false : taking.close() }, faults, notes };
}

function faultOf(entry: string): string | undefined {
  if (entry.trim() === "") return "Nothing";
  if (entry.length > MOST_OF_LIST.entry) return `Longer than ${MOST_OF_LIST.entry} characters`;
  return entry.isWellFormed() && !entry.includes("\u0000") ? undefined : "NUL, or half a character";
}

type Taking = {
  /** Why an entry is not taken; undefined where it is. */
  take(entry: string, index: number): string | undefined;
  close(): CompiledList["holds"];
};

const TAKING: Record<WarningListType, (notes: Places) => Taking> = {
  string: takeStrings,
  hostname: takeNames,
  cidr: takeNetworks,
  substring: takeSubstrings,
  regex: takePatterns,
};

function takeStrings(): Taking {
  const set = new DigestSet();
  return {
    take: (entry) => {
      for (const form of formsOf(entry.trim())) set.add(digestOf(form));
      return undefined;
    },
    close: () => (looked) => set.has(looked.digest),
  };
}

/** A name, and all below it. */
function takeNames(notes: Places): Taking {
  const set = new DigestSet();
  return {
    take: (entry, index) => {
      const name = nameOf(entry.trim());
      if (name === undefined) return "No name of a host";
      if (!name.includes(".")) notes.add(index, "wide", `All names below ${name}`);
      set.add(digestOf(name));
      return undefined;
    },
    close: () => (looked) => looked.suffixes.some((suffix) => set.has(suffix)),
  };
}

/** Fewer bits than anybody's network has: it is told, since a slip of the pen would let everything in. */
const WIDE = { 4: 8, 16: 16 } as Readonly<Record<number, number>>;

function takeNetworks(notes: Places): Taking {
  const networks: Network[] = [];
  return {
    take: (entry, index) => {
      const network = networkOf(entry.trim());
      if (network === undefined) return "No address and no network";
      if (network.bits === 0) return "It is every address there is";
      if (network.bits < (WIDE[network.start.length] ?? 0))
        notes.add(index, "wide", `A network as wide as ${entry.trim()}`);
      networks.push(network);
      return undefined;
    },
    close: () => {
      const set = new NetworkSet(networks);
      return ({ network }) => network !== null && set.overlaps(network);
    },
  };
}

const SHORT = 3;

function takeSubstrings(notes: Places): Taking {
  const entries: string[] = [];
  let bytes = 0;
  return {
    take: (entry, index) => {
      bytes += Buffer.byteLength(entry);
      if (bytes > MOST_OF_LIST.substrings)
        return `With those before it more than ${MOST_OF_LIST.substrings} bytes`;
      if (entry.length < SHORT) notes.add(index, "wide", `Whatever has ${JSON.stringify(entry)} in it`);
      entries.push(folded(entry));
      return undefined;
    },
    close: () => {
      const set = new SubstringSet(entries);
      return ({ texts }) => texts.some((text) => set.isIn(folded(text)));
    },
  };
}

function takePatterns(): Taking {
  const set = new PatternSet();
  let count = 0;
  return {
    take: (entry) => {
      count += 1;
      return count > MOST_OF_LIST.patterns
        ? `More than ${MOST_OF_LIST.patterns} expressions`
        : set.add(entry);
    },
    close: () => {
      set.close();
      return ({ texts }) => texts.some((text) => set.matches(text));
    },
  };
}
