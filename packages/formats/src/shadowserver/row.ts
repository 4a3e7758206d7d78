import { ADDRESS_KINDS, type AddressKind, isAddressKind, type ObservableKind } from "@suar/stix";
import { drop } from "../drop.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { timestampFromText } from "../timestamp-text.ts";
import { canonicalOf, kindAmong } from "../value-kind.ts";
import { MEANINGS, type Meaning } from "./columns.ts";
import { RowLabels } from "./row-labels.ts";

const CVE = /\bCVE-\d{4}-\d{4,19}\b/gi;

export type Cell = { column: string; text: string };

/** What a row tells, gathered by what its columns mean, before any of it is drafted. */
export type RowFacts = {
  addresses: { end: "host" | "source" | "target" | "other"; raw: string; kind: AddressKind }[];
  ports: Partial<Record<"host" | "source" | "target", number>>;
  values: { kind: ObservableKind; raw: string }[];
  files: Map<string, Record<string, string>>;
  certificate: Record<string, unknown>;
  malware: string[];
  vulnerabilities: string[];
  labels: RowLabels;
  protocol: string | undefined;
  time: string | undefined;
  endTime: string | undefined;
  count: number;
  /** Cells that nothing was made of, with why; `always`: of a column that has no place in any row. */
  lost: { column: string; reason: string; always: boolean }[];
  /** What should be the address that the row is about, and is none. */
  unread: string | undefined;
};

export function factsOf(cells: Iterable<Cell>): RowFacts {
  const facts: RowFacts = {
    addresses: [],
    ports: {},
    values: [],
    files: new Map(),
    certificate: {},
    malware: [],
    vulnerabilities: [],
    labels: new RowLabels(),
    protocol: undefined,
    time: undefined,
    endTime: undefined,
    count: 1,
    lost: [],
    unread: undefined,
  };
  for (const { column, text } of cells) {
    const meaning = MEANINGS.get(column);
    const reason = meaning === undefined ? "No place for this column" : take(column, text, meaning, facts);
    if (reason !== undefined)
      facts.lost.push({
        column,
        reason: `${reason}: ${text.slice(0, 40)}`,
        always: meaning === undefined,
      });
  }
  return facts;
}

/** Why nothing was made of a cell, if so. */
function take(column: string, text: string, meaning: Meaning, facts: RowFacts): string | undefined {
  switch (meaning.becomes) {
    case "address":
      return takeAddress(text, meaning.end, facts);
    case "port": {
      if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) return "No port";
      facts.ports[meaning.end] = Number(text);
      return undefined;
    }
    case "value":
      return takeValue(text, meaning.kinds, facts);
    case "digest":
      return takeDigest(text, meaning, facts);
    case "certificate":
      return takeCertificate(text, meaning, facts);
    default:
      return takeSaying(column, text, meaning, facts);
  }
}

/** Networks, too: some reports are of blocks. */
function takeAddress(
  text: string,
  end: RowFacts["addresses"][number]["end"],
  facts: RowFacts,
): string | undefined {
  const kind = kindAmong(text, ADDRESS_KINDS);
  if (kind === undefined || !isAddressKind(kind)) {
    if (end !== "other") facts.unread ??= text;
    return "No address";
  }
  facts.addresses.push({ end, raw: text, kind });
  return undefined;
}

function takeSaying(column: string, text: string, meaning: Meaning, facts: RowFacts): string | undefined {
  switch (meaning.becomes) {
    case "malware":
      facts.malware.push(text);
      return undefined;
    case "vulnerability":
      facts.vulnerabilities.push(...(text.match(CVE) ?? []));
      return text.search(CVE) < 0 ? "No CVE id" : undefined;
    case "severity":
      facts.labels.add("severity", text.toLowerCase());
      return undefined;
    case "label":
      facts.vulnerabilities.push(...(text.match(CVE) ?? []));
      return facts.labels.add(meaning.key, text);
    case "protocol":
      facts.protocol = text.toLowerCase();
      return undefined;
    case "time":
      facts.time = timestampFromText(text);
      return facts.time === undefined ? "No time" : undefined;
    case "end-time":
      facts.endTime = timestampFromText(text);
      return facts.endTime === undefined ? "No time" : undefined;
    case "count":
      if (!/^[1-9]\d{0,8}$/.test(text)) return "No number of times";
      facts.count = Number(text);
      return undefined;
    default:
      return `Not understood: ${column}`;
  }
}

function takeValue(text: string, kinds: readonly ObservableKind[], facts: RowFacts): string | undefined {
  const kind = kinds[0];
  if (kind === undefined || !canonicalOf(kind, text).ok) return `No ${kinds.join(" or ")}`;
  facts.values.push({ kind, raw: text });
  return undefined;
}

const DIGITS: Readonly<Record<string, number>> = { MD5: 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128 };

/** Shadowserver writes fingerprints of certificates with colons. */
function digestOf(text: string, hash: string): string | undefined {
  const digits = text.replaceAll(":", "").toLowerCase();
  return digits.length === DIGITS[hash] && /^[0-9a-f]+$/.test(digits) ? digits : undefined;
}

function takeDigest(
  text: string,
  { file, hash }: Extract<Meaning, { becomes: "digest" }>,
  facts: RowFacts,
): string | undefined {
  const digest = digestOf(text, hash);
  if (digest === undefined) return `No ${hash}`;
  facts.files.set(file, { ...facts.files.get(file), [hash]: digest });
  return undefined;
}

function takeCertificate(
  text: string,
  { property, hash }: Extract<Meaning, { becomes: "certificate" }>,
  facts: RowFacts,
): string | undefined {
  const value =
    hash === undefined
      ? property.startsWith("validity")
        ? timestampFromText(text.replace(/ GMT$/, ""))
        : text
      : digestOf(text, hash);
  if (value === undefined) return hash === undefined ? "No time" : `No ${hash}`;
  const hashes = facts.certificate.hashes as Record<string, string> | undefined;
  if (hash === undefined) facts.certificate[property] = value;
  else facts.certificate.hashes = { ...hashes, [hash]: value };
  return undefined;
}

/** Drafts what was seen and returns what the row's observed data refers to. Addresses come first. */
export function draftSeen(
  facts: RowFacts,
  place: Place,
  reading: ReportReading,
): { refs: string[]; main?: string } {
  const ends = new Map<string, { local: string; kind: AddressKind }>();
  const refs: string[] = [];
  const add = (local: string | undefined): void => {
    if (local !== undefined) refs.push(local);
  };
  for (const { end, raw, kind } of facts.addresses) {
    const local = reading.value(place, kind, raw, "observable");
    if (local !== undefined && !ends.has(end)) ends.set(end, { local, kind });
    add(local);
  }
  for (const { kind, raw } of facts.values) add(reading.value(place, kind, raw, "observable"));
  for (const [file, hashes] of facts.files)
    add(reading.object(place, `${file}/${JSON.stringify(hashes)}`, { type: "file", hashes }));
  if (Object.keys(facts.certificate).length > 0)
    add(
      reading.object(place, `certificate/${JSON.stringify(facts.certificate)}`, {
        type: "x509-certificate",
        ...facts.certificate,
      }),
    );
  add(draftTraffic(facts, ends, place, reading));
  const main = (ends.get("host") ?? ends.get("source"))?.local;
  return { refs: [...new Set(refs)], ...(main !== undefined && { main }) };
}

/** What connects with what (STIX 2.1 §6.12): what was scanned is the destination of the scan. */
function draftTraffic(
  { ports, protocol }: RowFacts,
  ends: ReadonlyMap<string, { local: string; kind: AddressKind }>,
  place: Place,
  reading: ReportReading,
): string | undefined {
  const [source, target] = [ends.get("source"), ends.get("target") ?? ends.get("host")].map((end) =>
    // Nothing connects to a whole network.
    end?.kind === "ipv4" || end?.kind === "ipv6" ? end : undefined,
  );
  const [src_ref, dst_ref] = [source?.local, target?.local];
  const kind = (source ?? target)?.kind;
  if (kind === undefined) return undefined;
  const traffic = drop({
    src_ref,
    src_port: src_ref === undefined ? undefined : ports.source,
    dst_ref,
    dst_port: dst_ref === undefined ? undefined : (ports.target ?? ports.host),
    protocols: [kind, ...(protocol === undefined ? [] : [protocol])],
  });
  return reading.object(place, `traffic/${JSON.stringify(traffic)}`, { type: "network-traffic", ...traffic });
}
