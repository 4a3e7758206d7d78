import { patternFor } from "@suar/stix";
import { comparison, type Expression, quoted } from "../pattern-expression.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { canonicalOf } from "../value-kind.ts";
import { childOf, type Element, plainText } from "../xml/element.ts";
import { TERMS, type Term } from "./terms.ts";

/** An item as a comparison, and as a bare value where it is nothing more; or why it is neither. */
export type Compared =
  | {
      ok: true;
      expression: Expression;
      value?: { kind: NonNullable<Term["kind"]>; raw: string };
      foldsCase: boolean;
    }
  | { ok: false; reason: string };

const LONGEST = 8_192;

export function searchOf(item: Element): string {
  return childOf(item, "Context")?.attributes.search ?? "";
}

/** An IndicatorItem of OpenIOC 1.0 or 1.1: a term, a condition and a content. */
export function compare(item: Element): Compared {
  const search = searchOf(item);
  const content = plainText(childOf(item, "Content") ?? item);
  const term = TERMS.get(search.toLowerCase());
  const condition = (item.attributes.condition ?? "is").toLowerCase();
  const negates = item.attributes.negate === "true" || /^(?:isnot|containsnot)$/.test(condition);
  if (content === undefined || content.length > LONGEST)
    return refused(`${search}: no content, or too much of it`);
  if (search.toLowerCase() === "fileitem/fullpath" || search.toLowerCase() === "fileitem/fullpathname")
    return fullPath(content, condition, negates);
  if (term === undefined) return refused(`${search} has no place in STIX: ${content.slice(0, 80)}`);
  const plain = condition.replace(/not$/, "");
  if (term.kind !== undefined && plain === "is")
    return knownValue({ ...term, kind: term.kind }, content, negates, item);
  const said = term.type === "text" ? textTest(term.path, plain, content) : orderTest(term, plain, content);
  if (said === undefined)
    return refused(`${search} ${condition} has no comparison that says the same: ${content.slice(0, 80)}`);
  const expression = negates ? negated(said) : said;
  if (expression === undefined)
    return refused(`${search}: what is not ${content.slice(0, 40)} has no comparison`);
  return { ok: true, expression, foldsCase: folds(item, term) };
}

function refused(reason: string): Compared {
  return { ok: false, reason };
}

/** OpenIOC compares without case unless it is told otherwise; STIX always with it (§9.6). */
function folds(item: Element, { type, kind }: Term): boolean {
  const isFree = kind === undefined || kind === "filename" || kind === "mutex" || kind === "user-agent";
  return type === "text" && isFree && item.attributes["preserve-case"] !== "true";
}

/** What is of a kind that Suar knows is looked for by its canonical form, as every other format's is. */
function knownValue(
  term: Term & { kind: NonNullable<Term["kind"]> },
  raw: string,
  negates: boolean,
  item: Element,
): Compared {
  const { ok, kind, canonical } = canonicalAmong(term.kind, raw);
  if (!ok) return refused(`Not of kind ${term.kind}: ${raw.slice(0, 80)}`);
  const said = comparison(patternFor(kind, canonical).slice(1, -1));
  const expression = negates ? negated(said) : said;
  if (expression === undefined) return refused(`What is not ${raw.slice(0, 40)} has no comparison`);
  return { ok: true, expression, foldsCase: folds(item, term), ...(!negates && { value: { kind, raw } }) };
}

/** A remote address may be IPv6 or a network, and a host an address. */
function canonicalAmong(
  kind: NonNullable<Term["kind"]>,
  raw: string,
): { ok: boolean; kind: NonNullable<Term["kind"]>; canonical: string } {
  const others = { ipv4: ["ipv6", "cidr4", "cidr6"], domain: ["ipv4", "ipv6"] } as const;
  for (const one of [kind, ...(kind === "ipv4" || kind === "domain" ? others[kind] : [])]) {
    const canonical = canonicalOf(one, raw);
    if (canonical.ok) return { ok: true, kind: one, canonical: canonical.value };
  }
  return { ok: false, kind, canonical: "" };
}

function textTest(path: string, condition: string, content: string): Expression | undefined {
  // LIKE has no way to say that its wildcards are meant as letters (§9.6.1).
  const isPlain = !/[%_]/.test(content);
  const escaped = content.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  switch (condition) {
    case "is":
      return comparison(`${path} = ${quoted(content)}`);
    case "contains":
      return comparison(
        isPlain ? `${path} LIKE ${quoted(`%${content}%`)}` : `${path} MATCHES ${quoted(escaped)}`,
      );
    case "starts-with":
    case "begins-with":
      return comparison(
        isPlain ? `${path} LIKE ${quoted(`${content}%`)}` : `${path} MATCHES ${quoted(`^${escaped}`)}`,
      );
    case "ends-with":
      return comparison(
        isPlain ? `${path} LIKE ${quoted(`%${content}`)}` : `${path} MATCHES ${quoted(`${escaped}$`)}`,
      );
    case "matches":
      return comparison(`${path} MATCHES ${quoted(content)}`);
    default:
      return undefined;
  }
}

const ORDERS: ReadonlyMap<string, string> = new Map([
  ["is", "="],
  ["greater-than", ">"],
  ["less-than", "<"],
]);

/** Two times with their zones; in what is longer, white space would be looked through again and again. */
const LONGEST_RANGE = 100;

/** Numbers and times, also as OpenIOC 1.0 writes ranges: `[1 TO 5]`. */
function orderTest({ path, type }: Term, condition: string, content: string): Expression | undefined {
  if (content.length > LONGEST_RANGE) return undefined;
  const [, first, last] = /^\[?\s*(\S.*?)\s+TO\s+(\S.*?)\s*\]?$/.exec(content) ?? [];
  const literal = (written: string): string | undefined => {
    if (type === "number") return /^-?\d{1,15}$/.test(written) ? written : undefined;
    const stamp = timestampFromText(written);
    return stamp === undefined ? undefined : `t'${stamp}'`;
  };
  if (first !== undefined && last !== undefined && condition === "is") {
    const [low, high] = [literal(first), literal(last)];
    if (low === undefined || high === undefined) return undefined;
    return { is: "and", of: [comparison(`${path} >= ${low}`), comparison(`${path} <= ${high}`)] };
  }
  const [order, value] = [ORDERS.get(condition), literal(content)];
  return order === undefined || value === undefined ? undefined : comparison(`${path} ${order} ${value}`);
}

/** A whole path is a directory and a name within it; of a part of one STIX has no comparison. */
function fullPath(content: string, condition: string, negates: boolean): Compared {
  const [, directory, name] = /^(.*)[\\/]([^\\/]+)$/.exec(content) ?? [];
  if (condition !== "is" || negates || directory === undefined || name === undefined)
    return refused(
      `FileItem/FullPath ${condition} has no comparison that says the same: ${content.slice(0, 80)}`,
    );
  const of = [
    comparison(`file:parent_directory_ref.path = ${quoted(directory)}`),
    comparison(`file:name = ${quoted(name)}`),
  ];
  return { ok: true, expression: { is: "and", of }, foldsCase: true };
}

/** NOT stands before the operator (§9.6); of a comparison alone. */
function negated(expression: Expression): Expression | undefined {
  if (expression.is !== "comparison") return undefined;
  const { text } = expression;
  const operator = / (=|LIKE|MATCHES|>|<) /.exec(text);
  if (operator === null) return undefined;
  return comparison(`${text.slice(0, operator.index)} NOT ${text.slice(operator.index + 1)}`);
}
