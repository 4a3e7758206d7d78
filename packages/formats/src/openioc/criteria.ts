import { drop } from "../drop.ts";
import { comparison, type Expression, patternOf } from "../pattern-expression.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { childText, type Element, lineOf, within } from "../xml/element.ts";
import { type Compared, compare, searchOf } from "./compare.ts";

export type Context = {
  reading: ReportReading;
  /** What `parameters` say of an item or a branch, by its id. */
  comments: ReadonlyMap<string, string>;
  validFrom: string | undefined;
};

/** Alternatives at the top are indicators of their own: who knows one of them knows enough. */
export function readCriteria(root: Element, context: Context): void {
  for (const child of root.children) {
    if (child.name === "Indicator" && operatorOf(child) === "or") readCriteria(child, context);
    else if (child.name === "Indicator" || child.name === "IndicatorItem") readBranch(child, context);
  }
}

function readBranch(branch: Element, { reading, comments, validFrom }: Context): void {
  const place = reading.record(lineOf(branch));
  const description = childText(branch, "Comment") ?? comments.get(branch.attributes.id ?? "");
  if (branch.name === "IndicatorItem") {
    const compared = compare(branch);
    if (compared.ok && compared.value !== undefined) {
      const details = drop({ description, validFrom });
      reading.value(place, compared.value.kind, compared.value.raw, "indicator", details);
      tellCase(compared, place, reading);
      return;
    }
  }
  const expression = expressionOf(branch, place, reading, false);
  if (expression === undefined) {
    reading.reject(place, "not-expressible", "It needs something that no STIX pattern says (see its losses)");
    return;
  }
  const pattern = patternOf(expression);
  const object = drop({ description, pattern, pattern_type: "stix", valid_from: validFrom });
  reading.object(place, pattern, { type: "indicator", ...object });
}

/** Of an OR what cannot be said is left out and told; an AND without a part of it would look for more than was said. */
function expressionOf(
  element: Element,
  place: Place,
  reading: ReportReading,
  isOfTraffic: boolean,
): Expression | undefined {
  if (element.name === "IndicatorItem") {
    const compared = compare(element);
    if (!compared.ok) reading.lose({ ...place, at: lineOf(element) }, "IndicatorItem", compared.reason);
    tellCase(compared, place, reading);
    if (!compared.ok) return undefined;
    return isOfTraffic && REMOTE.test(searchOf(element))
      ? ofTraffic(compared.expression)
      : compared.expression;
  }
  const operator = operatorOf(element);
  const items = element.children.filter(({ name }) => name === "Indicator" || name === "IndicatorItem");
  const isJoint = isOfTraffic || (operator === "and" && saysTraffic(element));
  const parts = items.map((item) => expressionOf(item, place, reading, isJoint));
  const of = parts.filter((part) => part !== undefined);
  if (operator === undefined || of.length === 0 || (operator === "and" && of.length < parts.length))
    return undefined;
  return { is: operator, of };
}

const REMOTE = /^PortItem\/remoteIP$/i;
const TRAFFIC = /^PortItem\/(?:remotePort|localIP|localPort|protocol)$/i;

function saysTraffic(element: Element): boolean {
  for (const { name, attributes } of within(element))
    if (name === "Context" && TRAFFIC.test(attributes.search ?? "")) return true;
  return false;
}

/** With a port or a protocol, an address is that of one and the same connection: two observations need not be. */
function ofTraffic(expression: Expression): Expression {
  if (expression.is !== "comparison") return expression;
  return comparison(expression.text.replace(/^ipv[46]-addr:value/, "network-traffic:dst_ref.value"));
}

function operatorOf({ attributes }: Element): "and" | "or" | undefined {
  const operator = attributes.operator?.toLowerCase() ?? "or";
  return operator === "and" || operator === "or" ? operator : undefined;
}

function tellCase(compared: Compared, place: Place, reading: ReportReading): void {
  if (compared.ok && compared.foldsCase)
    reading.lose(place, "preserve-case", "Compared with its case, which OpenIOC leaves out of account");
}
