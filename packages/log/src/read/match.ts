import type { Filter } from "@suar/contract";
import { canonicalize, classifyValue, refang } from "@suar/stix";
import ipaddr from "ipaddr.js";
import type { Entry } from "./entry.ts";
import { type Facts, factsOf } from "./facts.ts";

/** A compiled filter. A withdrawal passes every filter: it goes to all who were sent the object (DESIGN 4). */
export type Matcher = (entry: Entry) => boolean;

type Test = (facts: Facts) => boolean;

/** Compiles a filter: fields joined by AND, the values of one field by OR; cheap tests first. */
export function compileFilter(filter: Filter): Matcher {
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
  if (filter.values !== undefined) tests.push(valuesTest(filter.values));
  if (tests.length === 0) return () => true;
  return (entry) => {
    if (entry.kind === "withdrawn") return true;
    const facts = factsOf(entry);
    return tests.every((test) => test(facts));
  };
}

function folded(text: string): string {
  return text.toLowerCase();
}

/** Every word has to stand in the name or the description. */
function textTest(text: string): Test {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return (facts) => words.every((word) => facts.text.includes(word));
}

type Watch = {
  /** Whole keys. */
  keys: Set<string>;
  /** Domains: themselves and what is below them. */
  domains: Set<string>;
  ranges: [ipaddr.IPv4 | ipaddr.IPv6, number][];
  /** What is no observable: a product's name. */
  names: string[];
};

/** Asset matching: a domain matches what is below it, a CIDR what is inside it, a product the text. */
function valuesTest(values: readonly string[]): Test {
  const watch = compileWatch(values);
  return (facts) =>
    facts.keys.some((key) => matchesKey(watch, key)) ||
    (watch.names.length > 0 && watch.names.some((name) => facts.text.includes(name)));
}

function compileWatch(values: readonly string[]): Watch {
  const watch: Watch = { keys: new Set(), domains: new Set(), ranges: [], names: [] };
  for (const raw of values) {
    const text = refang(raw);
    const kind = classifyValue(text);
    const canonical = kind === undefined ? undefined : canonicalize(kind, text);
    if (kind === undefined || canonical === undefined || !canonical.ok) watch.names.push(raw.toLowerCase());
    else if (kind === "domain") watch.domains.add(canonical.value);
    else if (kind === "cidr4" || kind === "cidr6") {
      watch.ranges.push(ipaddr.parseCIDR(canonical.value));
      watch.keys.add(`${kind}:${canonical.value}`);
    } else watch.keys.add(`${kind}:${canonical.value}`);
  }
  return watch;
}

function matchesKey(watch: Watch, key: string): boolean {
  if (watch.keys.has(key)) return true;
  const colon = key.indexOf(":");
  const kind = key.slice(0, colon);
  const value = key.slice(colon + 1);
  if (kind === "domain") return watch.domains.size > 0 && isAtOrBelow(watch.domains, value);
  if ((kind === "ipv4" || kind === "ipv6") && watch.ranges.length > 0) {
    const address = ipaddr.parse(value);
    return watch.ranges.some(
      ([range, bits]) => range.kind() === address.kind() && address.match(range, bits),
    );
  }
  if (kind === "email")
    return watch.domains.size > 0 && isAtOrBelow(watch.domains, value.slice(value.lastIndexOf("@") + 1));
  return false;
}

function isAtOrBelow(domains: ReadonlySet<string>, host: string): boolean {
  for (let rest = host; ; ) {
    if (domains.has(rest)) return true;
    const dot = rest.indexOf(".");
    if (dot < 0) return false;
    rest = rest.slice(dot + 1);
  }
}
