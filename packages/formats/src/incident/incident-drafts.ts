import { createHash } from "node:crypto";
import { type ObservableKind, suarId } from "@suar/stix";
import type { Draft, Marking, ReaderEvent, ValueRole } from "../draft.ts";
import { drop } from "../drop.ts";
import { localName } from "../local-name.ts";
import { canonicalOf, typeOfValue } from "../value-kind.ts";
import type { IncidentReport } from "./incident-report.ts";

/**
 * STIX leaves the incident object nearly empty (§4.6); what a report says beyond name and description stands in
 * this property extension: severity, severity_score, occurred, detected, affected, rsit, help_wanted.
 */
export const INCIDENT_EXTENSION: string = suarId("extension-definition", "incident-report", "1");

export type IncidentValue = { kind: ObservableKind | undefined; raw: string; at: string; note?: string };

/** What identifies a report: its own reference, else everything it says, so that sending it twice is once. */
function nameOf(report: IncidentReport): string {
  if (report.reference !== undefined) return `reference:${report.reference}`;
  return createHash("sha256").update(JSON.stringify(report)).digest("hex").slice(0, 32);
}

/** A report as drafts: the incident first, then its values, each with what ties it to the incident. */
export function* incidentDrafts(
  report: IncidentReport,
  values: Iterable<IncidentValue>,
): Generator<ReaderEvent> {
  const local = localName("incident", nameOf(report));
  const shared: { marking?: Marking; to?: string[] } = drop({
    marking: report.tlp && { tlp: report.tlp },
    to: report.to,
  });
  const held: string[] = [];
  const events: ReaderEvent[] = [];
  let index = 1;
  for (const value of values) {
    const at = index++;
    if (value.kind === undefined) {
      const reason = "No domain, address, URL, hash or the like";
      const told = drop({ marking: shared.marking, raw: value.raw });
      events.push({ reject: { index: at, at: value.at, code: "not-an-indicator", reason, ...told } });
      continue;
    }
    for (const draft of valueDrafts({ ...value, kind: value.kind }, at, local)) {
      events.push({ draft: { ...draft, ...shared } });
      if (draft.local !== undefined) held.push(draft.local);
    }
  }
  const object = incidentObject(report);
  yield {
    draft: {
      kind: "object",
      index: 0,
      at: "/",
      local,
      object,
      ...shared,
      ...(held.length > 0 && { contains: held }),
    },
  };
  yield* events;
}

/** An indicator to look for, the thing itself where STIX has one, and both tied to the incident. */
function* valueDrafts(
  value: IncidentValue & { kind: ObservableKind },
  index: number,
  incident: string,
): Generator<Draft> {
  const place = { index, at: value.at };
  const content = { value: { kind: value.kind, raw: value.raw } };
  const local = (as: ValueRole): string =>
    localName(typeOfValue(value.kind, as), `${incident}/${keyOf(value)}`);
  const indicator = local("indicator");
  const observable = local("observable");
  const details = drop({ description: value.note });
  yield { kind: "value", ...place, local: indicator, as: "indicator", ...content, details };
  yield relation(place, indicator, incident);
  if (observable === indicator) return;
  yield { kind: "value", ...place, local: observable, as: "observable", ...content, details: {} };
  yield relation(place, incident, observable);
}

function keyOf({ kind, raw }: { kind: ObservableKind; raw: string }): string {
  const canonical = canonicalOf(kind, raw);
  return `${kind}:${canonical.ok ? canonical.value : raw}`;
}

// §4.6 names no relationships of incidents; `related-to` may tie any two objects (§5.1, common relationships).
function relation(place: { index: number; at: string }, source: string, target: string): Draft {
  return {
    kind: "object",
    ...place,
    local: localName("relationship", `${source}>${target}`),
    object: { type: "relationship", relationship_type: "related-to", source_ref: source, target_ref: target },
  };
}

function incidentObject(report: IncidentReport): Record<string, unknown> {
  const { rsit, severity, affected } = report;
  const labels = [
    ...(rsit ? [`rsit:${rsit.class}${rsit.type === undefined ? "" : `="${rsit.type}"`}`] : []),
    ...(severity ? [`severity:${severity}`] : []),
    ...(affected?.sectors ?? []).map((sector) => `sector:${sector}`),
  ];
  const help =
    typeof report.helpWanted === "string"
      ? [{ action: "other", note: report.helpWanted }]
      : report.helpWanted;
  const own = drop({
    severity,
    severity_score: report.severityScore,
    occurred: report.occurred,
    detected: report.detected,
    affected: filled(affected),
    rsit,
    help_wanted: help,
  });
  return drop({
    type: "incident",
    spec_version: "2.1",
    name: report.title,
    description: report.narrative,
    lang: report.language,
    labels: labels.length > 0 ? [...new Set(labels)] : undefined,
    external_references: report.reference
      ? [{ source_name: "reporter", external_id: report.reference }]
      : undefined,
    extensions: { [INCIDENT_EXTENSION]: { extension_type: "property-extension", ...own } },
  });
}

// Empty lists and dictionaries are prohibited in STIX (§2).
function filled(affected: IncidentReport["affected"]): Record<string, string[]> | undefined {
  const lists = Object.entries(affected ?? {}).filter(([, list]) => list !== undefined && list.length > 0);
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}
