import { type Filter, isWatching, WATCHED } from "@suar/contract";
import {
  ADDRESS_KINDS,
  type Asset,
  type AssetSet,
  assetSet,
  canonicalize,
  classifyValue,
  type ObservableKind,
  observableKey,
  parseAsset,
  refang,
} from "@suar/stix";
import type { Entry } from "./entry.ts";
import { type Facts, factsOf } from "./facts.ts";

/** A compiled filter. A withdrawal passes every filter: it goes to all who were sent the object (DESIGN 4). */
export type Matcher = {
  (entry: Entry): boolean;
  /** It asks for what entries name, too (`with-named.ts`). */
  readonly asksNamed?: boolean;
  /** What it lets through tells what its reader watches: nobody else is told of that (`delivered/receiptable.ts`). */
  readonly isWatching?: boolean;
};

type Test = (facts: Facts) => boolean;

/**
 * Compiles an organisation's filter: fields joined by AND, the values of one field by OR; cheap tests first. Where nobody says
 * whose it is, nothing that was said to some alone decides whether it matches. `watched` says, each time it is asked, what it
 * watches: what `@watch` among the values stands for.
 */
export function compileFilter(filter: Filter, organisationId?: number, watched?: () => AssetSet): Matcher {
  const tests: Test[] = [];
  const exact = (
    wanted: readonly string[] | undefined,
    fact: (facts: Facts) => readonly string[] | string | undefined,
  ): void => {
    if (wanted === undefined) return;
    const set = new Set(wanted.map(folded));
    tests.push((facts) => {
      const value = fact(facts);
      if (value === undefined) return false;
      return typeof value === "string" ? set.has(folded(value)) : value.some((one) => set.has(folded(one)));
    });
  };
  exact(filter.kinds, (facts) => facts.kind);
  exact(filter.types, (facts) => facts.type);
  exact(filter.tlp, (facts) => facts.tlp);
  exact(filter.producers, (facts) => facts.producer);
  exact(filter.severity, (facts) => facts.severity);
  exact(filter.sectors, (facts) => facts.sectors);
  exact(filter.countries, (facts) => facts.countries);
  exact(filter.labels, (facts) => facts.labels);
  if (filter.text !== undefined) tests.push(textTest(filter.text));
  if (filter.values !== undefined) tests.push(valuesTest(filter.values, organisationId, watched));
  if (tests.length === 0) return () => true;
  const matches = (entry: Entry): boolean => {
    if (entry.kind === "withdrawn") return true;
    const facts = factsOf(entry);
    return tests.every((test) => test(facts));
  };
  return Object.assign(matches, {
    asksNamed: filter.values !== undefined,
    isWatching: isWatching(filter),
  });
}

function folded(text: string): string {
  return text.toLowerCase();
}

/** Every word has to stand in the name or the description. */
function textTest(text: string): Test {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (facts) => words.every((word) => facts.text.includes(word));
}

type Values = {
  assets: Asset[];
  /** Whole keys: hashes, CVE numbers, URLs, mail addresses. */
  keys: Set<string>;
  /** What is no observable: a product's name. */
  names: string[];
};

/**
 * Asset matching: a domain matches what is below it, a CIDR what is inside it, a CPE name products that may be the same;
 * and `@watch` what the reader watches at the moment.
 */
function valuesTest(
  values: readonly string[],
  organisationId: number | undefined,
  watched: (() => AssetSet) | undefined,
): Test {
  const { assets, keys, names } = sortValues(values.filter((value) => value !== WATCHED));
  const own = assets.length > 0 ? assetSet(assets) : NOTHING;
  const others = values.includes(WATCHED) ? watched : () => NOTHING;
  if (others === undefined) throw new Error(`${WATCHED} stands for what one organisation watches: say which`);
  return (facts) =>
    facts.marksFor(organisationId).some((marks) => own.meets(marks) || others().meets(marks)) ||
    (keys.size > 0 && facts.keys.some((key) => keys.has(key))) ||
    (names.length > 0 && names.some((name) => facts.text.includes(name)));
}

const NOTHING = assetSet([]);
const ASSETS: ReadonlySet<ObservableKind> = new Set(["domain", "asn", ...ADDRESS_KINDS]);

function sortValues(values: readonly string[]): Values {
  const sorted: Values = { assets: [], keys: new Set(), names: [] };
  for (const raw of values) {
    const text = refang(raw);
    const kind = classifyValue(text);
    const canonical = kind === undefined ? undefined : canonicalize(kind, text);
    const asset = isAsset(raw, kind) ? parseAsset(raw) : undefined;
    if (asset?.ok === true) sorted.assets.push(asset.asset);
    else if (kind !== undefined && canonical?.ok === true)
      sorted.keys.add(observableKey(kind, canonical.value));
    else sorted.names.push(raw.toLowerCase());
  }
  return sorted;
}

function isAsset(raw: string, kind: ObservableKind | undefined): boolean {
  return /^cpe:/i.test(raw) || (kind !== undefined && ASSETS.has(kind));
}
