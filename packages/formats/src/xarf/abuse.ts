import { createHash } from "node:crypto";
import type { ObservableKind } from "@suar/stix";
import { drop } from "../drop.ts";
import type { Mail } from "../email/parse-mail.ts";
import type { Fields } from "../fields.ts";
import { INCIDENT_EXTENSION } from "../incident/incident-drafts.ts";
import { isRsitType, type RsitClass } from "../incident/rsit.ts";
import { referenceTo } from "../reference-to.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { kindShown } from "../value-kind.ts";

/** What X-ARF's report types are in RSIT. Maps: types are the sender's words. */
const RSIT_TYPES: ReadonlyMap<string, readonly [RsitClass, string]> = new Map([
  ["login-attack", ["intrusion-attempts", "brute-force"]],
  ["malware-attack", ["malicious-code", "infected-system"]],
  ["malware", ["malicious-code", "malware-distribution"]],
  ["phishing", ["fraud", "phishing"]],
  ["harvesting-attack", ["information-gathering", "scanner"]],
  ["port-scan", ["information-gathering", "scanner"]],
  ["portscan", ["information-gathering", "scanner"]],
  ["spam", ["abusive-content", "spam"]],
  ["openrelay", ["vulnerable", "potentially-unwanted-accessible"]],
  ["botnet", ["malicious-code", "infected-system"]],
  ["ddos", ["availability", "ddos"]],
  ["copyright", ["fraud", "copyright"]],
]);

/** One report: an incident, what abused as an indicator and as seen, and whom it hit. */
export function readAbuse(
  open: (place: Place) => Fields,
  mail: Mail | undefined,
  reading: ReportReading,
): void {
  const place = reading.record("/");
  const fields = open(place);
  const incident = reading.local("incident", "incident");
  const type = fields.text("report-type") ?? "abuse";
  const date = timeOf(fields);
  const source = readEnd(fields, "source", incident, place, reading);
  const target = readEnd(fields, "destination", incident, place, reading);
  draftTraffic(fields, source, target, place, reading);
  const evidence = draftEvidence(mail, place, reading);
  const seen = [source?.seen, target?.seen, ...evidence].filter((local) => local !== undefined);
  if (date !== undefined && seen.length > 0) {
    const object = {
      first_observed: date,
      last_observed: date,
      number_observed: timesOf(fields),
      object_refs: [...new Set(seen)],
    };
    reading.object(place, "observed", { type: "observed-data", ...object });
  }
  if (source === undefined) reading.lose(place, "source", "No source that is known");
  reading.container(place, "incident", incidentOf(fields, type, date));
  for (const known of ["tlp", "version", "reported-from", "attachment", "user-agent"]) fields.raw(known);
  reading.lose(place, "reported-from", "Personal data is not carried");
  fields.rest("No place for it");
}

function incidentOf(
  fields: Fields,
  type: string,
  date: string | undefined,
): Record<string, unknown> & { type: string } {
  const [rsitClass, rsitType] = RSIT_TYPES.get(type.toLowerCase()) ?? [];
  const isKnown = rsitClass !== undefined && rsitType !== undefined && isRsitType(rsitClass, rsitType);
  const category = fields.text("category");
  const service = fields.text("service");
  const id = fields.text("report-id");
  const schema = fields.text("schema-url");
  const description = ["comment", "description", "additional-information"].flatMap(
    (name) => fields.text(name) ?? [],
  );
  const own = drop({
    rsit: isKnown ? { class: rsitClass, type: rsitType } : undefined,
    occurred: date,
  });
  return {
    type: "incident",
    ...drop({
      name: `${type}${service === undefined ? "" : ` against ${service}`}`.slice(0, 300),
      description: description.length > 0 ? description.join("\n") : undefined,
      labels: [
        `xarf:type=${type}`,
        ...(category === undefined ? [] : [`xarf:category=${category}`]),
        ...(isKnown ? [`rsit:${rsitClass}="${rsitType}"`] : []),
      ],
      external_references: [
        ...(id === undefined ? [] : [referenceTo("x-arf", { id })]),
        ...(schema === undefined ? [] : [referenceTo("x-arf schema", { url: schema })]),
      ],
    }),
    extensions: { [INCIDENT_EXTENSION]: { extension_type: "property-extension", ...own } },
  };
}

function timesOf(fields: Fields): number {
  const text = fields.text("occurrences") ?? fields.text("occurences") ?? "1";
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 1;
}

/** RFC 5322 or ISO 8601, with their time zone. */
function timeOf(fields: Fields): string | undefined {
  const text = fields.text("date");
  if (text === undefined) return undefined;
  // What is longer is no date, and brackets in it would be looked for from each to the end.
  const isShort = text.length <= 200;
  const isZoned = isShort && /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})(?:\s*\([^)]*\))?$/i.test(text);
  const plain = timestampFromText(text) ?? (isZoned ? fromDate(text) : undefined);
  if (plain === undefined) fields.lose("date", `No time: ${text.slice(0, 60)}`);
  return plain;
}

function fromDate(text: string): string | undefined {
  const time = Date.parse(text.replace(/\([^)]*\)/g, ""));
  return Number.isNaN(time) ? undefined : timestampFromText(new Date(time).toISOString());
}

type End = { seen: string; kind: ObservableKind };

const TYPES: ReadonlyMap<string, readonly ObservableKind[]> = new Map([
  ["ip-address", ["ipv4", "ipv6", "cidr4", "cidr6"]],
  ["ipv4", ["ipv4"]],
  ["ipv6", ["ipv6"]],
  ["uri", ["url"]],
  ["url", ["url"]],
  ["domain", ["domain"]],
  ["domain-name", ["domain"]],
  ["hostname", ["domain"]],
  ["email", ["email"]],
  ["e-mail", ["email"]],
  ["asn", ["asn"]],
]);

/** What the abuse came from, which is to be looked for, or what it hit, which is a victim's. */
function readEnd(
  fields: Fields,
  name: "source" | "destination",
  incident: string,
  place: Place,
  reading: ReportReading,
): End | undefined {
  const raw = fields.text(name);
  const said = TYPES.get(fields.text(`${name}-type`)?.toLowerCase() ?? "");
  const shown = raw === undefined ? undefined : kindShown(raw);
  const kind = said === undefined || (shown !== undefined && said.includes(shown)) ? shown : said[0];
  if (raw === undefined || kind === undefined) return undefined;
  const seen = reading.value(place, kind, raw, "observable");
  if (seen === undefined) return undefined;
  if (name === "destination") reading.relate(place, { type: "impacts", source: incident, target: seen });
  else {
    reading.relate(place, { type: "related-to", source: incident, target: seen });
    const indicator = reading.value(place, kind, raw, "indicator");
    if (indicator !== undefined && indicator !== seen)
      reading.relate(place, { type: "related-to", source: indicator, target: incident });
  }
  return { seen, kind };
}

function draftTraffic(
  fields: Fields,
  source: End | undefined,
  target: End | undefined,
  place: Place,
  reading: ReportReading,
): void {
  const port = fields.text("port") ?? fields.text("destination-port");
  const sourcePort = fields.text("source-port");
  const protocol = fields.text("protocol")?.toLowerCase();
  const isAddress = (end: End | undefined): end is End => end?.kind === "ipv4" || end?.kind === "ipv6";
  if (!isAddress(source) || (port === undefined && sourcePort === undefined)) return;
  const number = (text: string | undefined): number | undefined =>
    text !== undefined && /^\d{1,5}$/.test(text) && Number(text) < 65_536 ? Number(text) : undefined;
  const traffic = drop({
    src_ref: source.seen,
    src_port: number(sourcePort),
    dst_ref: isAddress(target) ? target.seen : undefined,
    dst_port: number(port),
    protocols: [source.kind, ...(protocol === undefined ? [] : [protocol])],
  });
  reading.object(place, "traffic", { type: "network-traffic", ...traffic });
}

/** The third part of the message, and more: by their hashes. */
function draftEvidence(mail: Mail | undefined, place: Place, reading: ReportReading): string[] {
  const files = (mail?.files ?? []).slice(0, 100);
  if (files.length > 0)
    reading.lose(place, "attachment", "Files are not carried, only their name and hashes");
  if ((mail?.attached.length ?? 0) > 0)
    reading.lose(place, "attachment", "Attached messages are not carried: send them by themselves");
  return files.map(({ name, mimeType, bytes }) => {
    const digest = createHash("sha256").update(bytes).digest("hex");
    const object = drop({
      type: "file",
      name,
      size: bytes.byteLength,
      mime_type: mimeType,
      hashes: { "SHA-256": digest },
    });
    return reading.object(place, `file/${digest}/${name ?? ""}`, object);
  });
}
