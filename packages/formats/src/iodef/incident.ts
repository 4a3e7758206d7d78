import { drop } from "../drop.ts";
import { INCIDENT_EXTENSION } from "../incident/incident-drafts.ts";
import { referenceTo } from "../reference-to.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { childrenOf, childText, type Element, lineOf, plainText, textsOf, within } from "../xml/element.ts";
import { readIndicators } from "./indicators.ts";
import { lose } from "./lose.ts";
import { readSystem } from "./system.ts";
import { readAssessment, readMethod, type Told } from "./told.ts";

/** Names that a container of IODEF has for what others say of it, which are read where they stand. */
const READ_ELSEWHERE: ReadonlySet<string> = new Set(
  "IncidentID AlternativeID RelatedActivity Description DetectTime StartTime EndTime ReportTime GenerationTime RecoveryTime".split(
    " ",
  ),
);

/** One incident (RFC 5070 §3.2, RFC 7970 §3.2) with the systems in it and what to look for. */
export function readIncident(element: Element, reading: ReportReading): void {
  const place = reading.record(lineOf(element));
  const local = reading.local("incident", "incident");
  const told: Told = { lines: [], references: [], labels: [], severity: undefined, confidence: undefined };
  readContents(element, local, told, reading);
  const id = childText(element, "IncidentID");
  const source = childrenOf(element, "IncidentID")[0]?.attributes.name;
  const descriptions = textsOf(element, "Description");
  const purpose = element.attributes.purpose;
  const references = [
    ...(id === undefined ? [] : [referenceTo(source ?? "iodef", { id })]),
    ...idsWithin(element, "AlternativeID"),
    ...idsWithin(element, "RelatedActivity"),
    ...told.references,
  ];
  const description = [...descriptions, ...told.lines, ...timesOf(element)].join("\n");
  if (element.attributes.restriction === undefined)
    lose(
      reading,
      place,
      element,
      "restriction",
      "Left out, it means private: whoever sends it says how it may be shared",
    );
  const severity = told.severity;
  const own = drop({
    severity,
    occurred: timeOf(element, "StartTime"),
    detected: timeOf(element, "DetectTime"),
  });
  const labels = [...(purpose === undefined ? [] : [`iodef:purpose=${purpose}`]), ...new Set(told.labels)];
  reading.container(place, "incident", {
    type: "incident",
    ...drop({
      name:
        descriptions[0]?.split("\n", 1)[0]?.slice(0, 300).toWellFormed() ??
        `${source ?? "IODEF"} ${id ?? ""}`.trim(),
      description: description === "" ? undefined : description,
      labels: labels.length > 0 ? labels : undefined,
      confidence: told.confidence,
      external_references: references.length > 0 ? references : undefined,
    }),
    extensions: { [INCIDENT_EXTENSION]: { extension_type: "property-extension", ...own } },
  });
}

/** An incident, or the data of one of its events, which may hold events in turn (RFC 5070 §3.12). */
function readContents(element: Element, incident: string, told: Told, reading: ReportReading): void {
  const place: Place = { index: reading.next - 1, at: lineOf(element) };
  for (const child of element.children) {
    switch (child.name) {
      case "EventData":
        for (const text of textsOf(child, "Description")) told.lines.push(text);
        for (const line of timesOf(child)) told.lines.push(line);
        readContents(child, incident, told, reading);
        break;
      case "Flow":
        for (const system of childrenOf(child, "System")) readSystem(system, incident, reading);
        break;
      case "System":
        readSystem(child, incident, reading);
        break;
      case "IndicatorData":
        readIndicators(child, incident, reading);
        break;
      case "Assessment":
        readAssessment(child, told, place, reading);
        break;
      case "Method":
        readMethod(child, incident, told, reading);
        break;
      case "Expectation":
        readExpectation(child, told);
        break;
      case "History":
        readHistory(child, incident, place, reading);
        break;
      case "Contact":
        lose(reading, place, child, "Contact", "Personal data is not carried");
        break;
      case "Record":
        lose(reading, place, child, "Record", "Logs are not carried");
        break;
      default:
        if (!READ_ELSEWHERE.has(child.name)) lose(reading, place, child, child.name, "No place for it");
    }
  }
}

function readExpectation(element: Element, told: Told): void {
  const { action, severity } = element.attributes;
  const wanted = element.attributes["ext-action"] ?? action ?? "other";
  const parts = [severity === undefined ? undefined : `(${severity})`, ...textsOf(element, "Description")];
  told.lines.push(`Expected: ${[wanted, ...parts].filter((part) => part !== undefined).join(" ")}`);
}

function readHistory(element: Element, incident: string, place: Place, reading: ReportReading): void {
  const lines = childrenOf(element, "HistoryItem").map((item) => {
    const action = item.attributes["ext-action"] ?? item.attributes.action ?? "";
    return [childText(item, "DateTime"), action, ...textsOf(item, "Description")].filter(Boolean).join(" · ");
  });
  if (lines.length > 0) reading.note(place, incident, "History", lines.join("\n"));
}

const TIMES = ["ReportTime", "GenerationTime", "DetectTime", "StartTime", "EndTime", "RecoveryTime"] as const;

/** An incident of STIX has few times (§4.6): all that are said stand in its description. */
function timesOf(element: Element): string[] {
  return TIMES.flatMap((name) => {
    const text = childText(element, name);
    return text === undefined ? [] : [`${name}: ${text}`];
  });
}

/** The extension keeps the hour where it happened: with its offset, as IODEF writes it (RFC 5070 §2.6). */
function timeOf(element: Element, name: string): string | undefined {
  const text = childText(element, name);
  return text !== undefined && timestampFromText(text) !== undefined && /(?:Z|[+-]\d{2}:\d{2})$/.test(text)
    ? text
    : undefined;
}

function idsWithin(element: Element, name: string): ReturnType<typeof referenceTo>[] {
  return childrenOf(element, name).flatMap((holder) =>
    [...within(holder)].flatMap((one) => {
      const text = plainText(one);
      if (text === undefined) return [];
      if (one.name === "URL") return [referenceTo(name, { url: text })];
      return /ID$/.test(one.name)
        ? [referenceTo(one.attributes.name ?? name, { id: text })]
        : [referenceTo(name, { description: text })];
    }),
  );
}
