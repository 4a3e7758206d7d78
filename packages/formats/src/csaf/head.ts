import type { ExternalReference } from "../draft.ts";
import { drop } from "../drop.ts";
import type { Fields } from "../fields.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { acknowledgementsOf, notesOf, referencesOf } from "./prose.ts";

export type Head = { name: string; local: string; object: Record<string, unknown> };

/** What `document` says (CSAF 3.2.1): the report's own fields; notes that are more than a summary stand beside it. */
export function readHead(document: Fields, place: Place, reading: ReportReading): Head {
  const local = reading.local("report", "report");
  const name = document.text("title") ?? "";
  const source = readSource(document, place, local, reading);
  const { summary, others } = notesOf(document);
  for (const { title, text } of others) reading.note(place, local, title, text);
  const thanks = acknowledgementsOf(document);
  if (thanks !== undefined) reading.note(place, local, "Acknowledgments", thanks);
  loseDistribution(document);
  const labels = [...source.labels, ...labelsOf(document)];
  const object = drop({
    name,
    description: summary,
    published: source.published,
    report_types: ["vulnerability"],
    lang: langOf(document),
    labels: labels.length > 0 ? labels : undefined,
    external_references: [...source.references, ...referencesOf(document)],
  });
  if (object.external_references.length === 0) Reflect.deleteProperty(object, "external_references");
  document.rest("No field of a document (CSAF 3.2.1)");
  return { name, local, object };
}

function labelsOf(document: Fields): string[] {
  const version = document.text("csaf_version");
  const category = document.text("category");
  const severity = document.inner("aggregate_severity");
  const text = severity.text("text");
  severity.raw("namespace");
  severity.rest("No field of a severity (CSAF 3.2.1.2)");
  const licence = document.text("license_expression");
  return [
    ...(version === undefined ? [] : [`csaf:version=${version}`]),
    ...(category === undefined ? [] : [`csaf:category=${category}`]),
    ...(text === undefined ? [] : [`csaf:severity=${text}`]),
    ...(licence === undefined ? [] : [`csaf:license=${licence}`]),
  ];
}

function langOf(document: Fields): string | undefined {
  document.raw("source_lang");
  const lang = document.text("lang");
  if (lang === undefined || /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(lang)) return lang;
  document.lose("lang", "No language tag (RFC 5646)");
  return undefined;
}

/** §3.2.1.5.2 of CSAF 2.0: the default. */
const TLP_URL = "https://www.first.org/tlp/";

/** Sharing follows TLP and the addressed; what else was said of it is prose. */
function loseDistribution(document: Fields): void {
  const distribution = document.inner("distribution");
  const tlp = distribution.inner("tlp");
  tlp.raw("label");
  const url = tlp.text("url");
  if (url !== undefined && url !== TLP_URL)
    tlp.lose("url", "Sharing follows TLP; where it is told of is not carried");
  tlp.rest("No field of a TLP label (CSAF 3.2.1.5)");
  distribution.drop("text", "Sharing follows TLP; the text about it is not carried");
  const group = distribution.inner("sharing_group");
  if (/^f{8}-/i.test(group.text("id") ?? ""))
    group.raw("name"); // all, which TLP says as well
  else if (distribution.has("sharing_group"))
    distribution.lose("sharing_group", "Name the organisations in to= instead");
  distribution.rest("No field of a distribution (CSAF 3.2.1.5)");
}

type Source = { labels: string[]; references: ExternalReference[]; published: string | undefined };

/** Who published it, under which number, and how it came to this version (CSAF 3.2.1.9, 3.2.1.12). */
function readSource(document: Fields, place: Place, local: string, reading: ReportReading): Source {
  const publisher = document.inner("publisher");
  const name = publisher.text("name") ?? "csaf";
  const tracking = document.inner("tracking");
  const id = tracking.text("id");
  const status = tracking.text("status");
  const version = tracking.text("version");
  const released = tracking.text("current_release_date");
  const description = [
    `Publisher: ${[publisher.text("category"), publisher.text("namespace")].filter(Boolean).join(" ")}`,
    publisher.text("issuing_authority"),
    version === undefined ? undefined : `Version ${version}${released === undefined ? "" : `, ${released}`}`,
  ].filter((part) => part !== undefined);
  publisher.drop("contact_details", "Personal data is not carried");
  publisher.rest("No field of a publisher (CSAF 3.2.1.9)");
  const own = drop({ source_name: name, external_id: id, description: description.join("; ") });
  const aliases = tracking.texts("aliases").map((alias) => ({ source_name: name, external_id: alias }));
  const history = historyOf(tracking);
  if (history !== "") reading.note(place, local, "Revision history", history);
  tracking.drop("generator", "What wrote the file is not carried");
  const published = timeOf(tracking, "initial_release_date");
  tracking.rest("No field of the tracking (CSAF 3.2.1.12)");
  return {
    labels: status === undefined ? [] : [`csaf:status=${status}`],
    references: [own, ...aliases],
    published: published ?? (released === undefined ? undefined : timestampFromText(released)),
  };
}

function historyOf(tracking: Fields): string {
  const lines: string[] = [];
  for (const revision of tracking.each("revision_history")) {
    const legacy = revision.text("legacy_version");
    const number = [revision.text("number"), legacy === undefined ? undefined : `(${legacy})`];
    const parts = [revision.text("date"), number.filter(Boolean).join(" "), revision.text("summary")];
    lines.push(parts.filter((part) => part !== undefined && part !== "").join(" · "));
    revision.rest("No field of a revision (CSAF 3.2.1.12.6)");
  }
  return lines.join("\n");
}

/** A time as STIX writes it; one that is none is a loss. */
function timeOf(fields: Fields, name: string): string | undefined {
  const text = fields.text(name);
  const time = text === undefined ? undefined : timestampFromText(text);
  if (text !== undefined && time === undefined) fields.lose(name, `No time: ${text.slice(0, 40)}`);
  return time;
}
