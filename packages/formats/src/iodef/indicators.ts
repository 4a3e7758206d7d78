import type { ValueDetails } from "../draft.ts";
import { drop } from "../drop.ts";
import { type Expression, patternOf } from "../pattern-expression.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { childrenOf, childText, type Element, lineOf, plainText, textsOf, within } from "../xml/element.ts";
import { bulkIn } from "./bulk.ts";
import { endsIn } from "./end-groups.ts";
import { lose } from "./lose.ts";
import { groupsIn } from "./parts.ts";
import { expressionOfGroup, type Group } from "./values.ts";

/** `IndicatorData` of IODEF v2 (RFC 7970 §3.28): each indicator tells one thing to look for, or several together. */
export function readIndicators(data: Element, incident: string, reading: ReportReading): void {
  for (const indicator of childrenOf(data, "Indicator")) {
    const place = reading.record(lineOf(indicator));
    const details = detailsOf(indicator);
    for (const child of indicator.children) {
      if (child.name === "Observable") readObservable(child, details, incident, place, reading);
      else if (child.name === "IndicatorExpression") readExpression(child, details, incident, place, reading);
      else if (!TOLD.has(child.name)) lose(reading, place, child, child.name, "No place for it");
    }
  }
}

const TOLD: ReadonlySet<string> = new Set(
  "IndicatorID AlternativeIndicatorID Description StartTime EndTime Confidence".split(" "),
);

function detailsOf(indicator: Element): ValueDetails {
  const ids = [...within(indicator)].filter(({ name }) => name === "IndicatorID" || name === "UID");
  const references = ids.flatMap((id) => {
    const text = plainText(id);
    return text === undefined ? [] : [{ source_name: id.attributes.name ?? "iodef", external_id: text }];
  });
  const description = textsOf(indicator, "Description").join("\n");
  const [start, end] = [childText(indicator, "StartTime"), childText(indicator, "EndTime")];
  return drop({
    description: description === "" ? undefined : description,
    validFrom: start === undefined ? undefined : timestampFromText(start),
    validUntil: end === undefined ? undefined : timestampFromText(end),
    externalReferences: references.length > 0 ? references : undefined,
  });
}

function readObservable(
  element: Element,
  details: ValueDetails,
  incident: string,
  place: Place,
  reading: ReportReading,
): void {
  const groups = observedIn(element, place, reading);
  if (groups.length === 0)
    reading.reject(place, "not-an-indicator", "An observable of no kind that STIX has");
  for (const group of groups) readGroup(group, details, incident, place, reading);
}

function readGroup(
  group: Group,
  details: ValueDetails,
  incident: string,
  place: Place,
  reading: ReportReading,
): void {
  const [only] = group.parts;
  const expression = expressionOfGroup(group);
  if (group.unsaid.length > 0) {
    // Without it the pattern would look for more than was said.
    const unsaid = [...new Set(group.unsaid)].slice(0, 5).join(", ");
    reading.reject(place, "not-expressible", `No pattern says this of it: ${unsaid}`);
  } else if (only !== undefined && "value" in only && group.parts.length === 1) {
    const source = reading.value(place, only.value.kind, only.value.raw, "indicator", details);
    if (source !== undefined) reading.relate(place, { type: "related-to", source, target: incident });
  } else if (expression === undefined)
    reading.reject(place, "bad-value", "A part of it is no value of its kind");
  else draftExpression(expression, details, incident, place, reading);
}

/** What an observable names: single things, of a list each, or the parts of a file or a message, which go together. */
function observedIn(observable: Element, place: Place, reading: ReportReading): Group[] {
  return observable.children.flatMap((child): Group[] => {
    switch (child.name) {
      case "BulkObservable":
        return bulkIn(child, place, reading).map((parts) => ({ parts, unsaid: [] }));
      case "FileData":
      case "CertificateData":
      case "HashData":
      case "EmailData":
      case "RegistryHandle":
      case "WindowsRegistryKeysModified":
        return groupsIn(child, place, reading);
      default:
        return endsIn(child, place, reading);
    }
  });
}

/** AND and OR of observables (RFC 7970 §3.29.5); NOT and XOR have no pattern that says the same. */
function readExpression(
  element: Element,
  details: ValueDetails,
  incident: string,
  place: Place,
  reading: ReportReading,
): void {
  const expression = expressionOf(element, place, reading);
  if (expression === undefined) {
    reading.reject(place, "not-expressible", "Its expression has no pattern that says the same");
    return;
  }
  draftExpression(expression, details, incident, place, reading);
}

function draftExpression(
  expression: Expression,
  { description, validFrom: valid_from, externalReferences: external_references }: ValueDetails,
  incident: string,
  place: Place,
  reading: ReportReading,
): void {
  const pattern = patternOf(expression);
  const source = reading.object(place, pattern, {
    type: "indicator",
    ...drop({ description, pattern, pattern_type: "stix", valid_from, external_references }),
  });
  reading.relate(place, { type: "related-to", source, target: incident });
}

function expressionOf(element: Element, place: Place, reading: ReportReading): Expression | undefined {
  const operator = (element.attributes.operator ?? "and").toLowerCase();
  const parts: (Expression | undefined)[] = [];
  for (const child of element.children) {
    if (child.name === "IndicatorExpression") parts.push(expressionOf(child, place, reading));
    else if (child.name === "Observable")
      parts.push(...observedIn(child, place, reading).map(expressionOfGroup));
    else if (child.name !== "Confidence") parts.push(undefined);
  }
  const of = parts.filter((part) => part !== undefined);
  // Half of an AND would look for more than was said.
  if ((operator !== "and" && operator !== "or") || of.length < parts.length || of.length === 0)
    return undefined;
  return { is: operator, of };
}
