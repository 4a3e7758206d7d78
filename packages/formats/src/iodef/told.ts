import { confidenceFrom } from "@suar/stix";
import type { ExternalReference } from "../draft.ts";
import { referenceTo } from "../reference-to.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { type Element, lineOf, plainText, within } from "../xml/element.ts";
import { lose } from "./lose.ts";

/** What the parts of an incident say of all of it. */
export type Told = {
  lines: string[];
  references: ExternalReference[];
  labels: string[];
  severity: "low" | "medium" | "high" | undefined;
  confidence: number | undefined;
};

const SEVERITIES = ["low", "medium", "high"] as const;

/** Impacts with their severity, the strongest of which is the incident's; how sure it is. */
export function readAssessment(element: Element, told: Told, place: Place, reading: ReportReading): void {
  for (const child of element.children) {
    const { severity, completion } = child.attributes;
    const type = child.attributes["ext-type"] ?? child.attributes.type;
    const text = plainText(child) ?? childTexts(child);
    if (child.name === "Confidence") told.confidence = confidenceOf(child) ?? told.confidence;
    else if (/Impact$|^IncidentCategory$|^MitigatingFactor$|^Cause$/.test(child.name)) {
      const found = (SEVERITIES as readonly string[]).indexOf(severity?.toLowerCase() ?? "");
      const known = told.severity === undefined ? -1 : SEVERITIES.indexOf(told.severity);
      if (found > known) told.severity = SEVERITIES[found];
      const said = [type, severity, completion, text].filter((part) => part !== undefined && part !== "");
      told.lines.push(`${child.name}: ${said.join(" · ")}`);
      if (type !== undefined) told.labels.push(`iodef:impact=${type}`);
    } else lose(reading, place, child, `Assessment/${child.name}`, "No place for it");
  }
}

function childTexts(element: Element): string {
  return element.children.flatMap((child) => plainText(child) ?? []).join(" ");
}

function confidenceOf(element: Element): number | undefined {
  const { rating } = element.attributes;
  const number = Number(plainText(element) ?? Number.NaN);
  if (rating === "numeric" && number >= 0)
    return Math.round(number <= 1 ? number * 100 : Math.min(number, 100));
  // RFC 5070 §3.10.5 has three of the words of STIX 2.1 appendix A.1.
  return confidenceFrom(rating ?? "");
}

const CVE = /\bCVE-\d{4}-\d{4,19}\b/gi;

/** How it was done (RFC 5070 §3.9): flaws become vulnerabilities, all else references and words. */
export function readMethod(element: Element, incident: string, told: Told, reading: ReportReading): void {
  const cves = new Set<string>();
  for (const one of within(element)) {
    const text = plainText(one);
    if (text === undefined) continue;
    for (const cve of text.match(CVE) ?? []) cves.add(cve.toUpperCase());
    if (one.name === "URL") told.references.push(referenceTo("Method", { url: text }));
    else if (one.name === "ReferenceName" || one.name === "ID") {
      if (text.search(CVE) < 0) told.references.push(referenceTo("Method", { id: text }));
    } else if (one !== element) told.lines.push(`Method: ${text}`);
  }
  for (const cve of cves) {
    const place = reading.record(lineOf(element));
    const target = reading.value(place, "cve", cve, "observable");
    if (target !== undefined) reading.relate(place, { type: "related-to", source: incident, target });
  }
}
