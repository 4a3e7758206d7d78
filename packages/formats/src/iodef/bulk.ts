import { ownValue } from "../own-value.ts";
import { quoted } from "../pattern-expression.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { canonicalOf } from "../value-kind.ts";
import { type Element, textsOf, within } from "../xml/element.ts";
import { algorithmShown, digestOf } from "./digests.ts";
import { lose } from "./lose.ts";
import { type Part, valueNamed } from "./values.ts";

/** One thing to look for a line (RFC 7970 §3.29.3), most of them a value. */
export function bulkIn(bulk: Element, place: Place, reading: ReportReading): Part[][] {
  const type = (bulk.attributes["ext-type"] ?? bulk.attributes.type ?? "").toLowerCase();
  const algorithm = [...within(bulk)].find(({ name }) => name === "DigestMethod")?.attributes.Algorithm;
  const lines = textsOf(bulk, "BulkObservableList")
    .flatMap((list) => list.split(/\r?\n/))
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const read = lines.map((line) => partsOfLine(type, line, algorithm)).filter((parts) => parts !== undefined);
  const tell = (count: number, what: string): void => {
    if (count > 0)
      lose(
        reading,
        place,
        bulk,
        "BulkObservable",
        `${count} ${what} of type ${type.slice(0, 40)} are not carried`,
      );
  };
  tell(lines.length - read.length, "values");
  if (type.endsWith("-timestamp")) tell(read.length, "times");
  return read;
}

function partsOfLine(type: string, line: string, algorithm: string | undefined): Part[] | undefined {
  if (algorithm !== undefined || type === "file-hash" || type === "hash") {
    const digest = digestOf(algorithm ?? algorithmShown(line), line);
    return digest === undefined ? undefined : [digest];
  }
  const value = valueNamed(type, line);
  return value === undefined ? ownValue(TYPES, type)?.(line) : [{ value }];
}

/** IANA's `BulkObservable type` registry (RFC 7970 §10.3), as far as a type is more than a value of a kind. */
const TYPES: Readonly<Record<string, (line: string) => Part[] | undefined>> = {
  "file-name": (raw) => [{ value: { kind: "filename", raw } }],
  "file-path": (raw) => [{ value: { kind: "filename", raw: raw.split(/[\\/]/).at(-1) ?? raw } }],
  "windows-reg-key": (raw) => [{ value: { kind: "regkey", raw } }],
  mutex: (raw) => [{ value: { kind: "mutex", raw } }],
  "http-user-agent": (raw) => [{ value: { kind: "user-agent", raw } }],
  "user-agent": (raw) => [{ value: { kind: "user-agent", raw } }],
  "http-request-uri": requestOf,
  cve: (raw) => [{ value: { kind: "cve", raw } }],
  "email-subject": (line) => [{ text: `email-message:subject = ${quoted(line)}` }],
  "email-x-mailer": (line) => [
    { text: `email-message:additional_header_fields.'X-Mailer' = ${quoted(line)}` },
  ],
  "user-name": (line) => [{ text: `user-account:account_login = ${quoted(line)}` }],
  "domain-to-ipv4": (line) => resolution("ipv4", line),
  "domain-to-ipv6": (line) => resolution("ipv6", line),
  "domain-to-ipv4-timestamp": (line) => resolution("ipv4", line),
  "domain-to-ipv6-timestamp": (line) => resolution("ipv6", line),
  "ipv4-port": (line) => endpoint("ipv4", line),
  "ipv6-port": (line) => endpoint("ipv6", line),
};

function requestOf(line: string): Part[] {
  if (/^[a-z][a-z0-9+.-]*:/i.test(line)) return [{ value: { kind: "url", raw: line } }];
  return [{ text: `network-traffic:extensions.'http-request-ext'.request_value = ${quoted(line)}` }];
}

/** `name, address`, and a time. */
function resolution(kind: "ipv4" | "ipv6", line: string): Part[] | undefined {
  const [name = "", address = ""] = line.split(",").map((cell) => cell.trim());
  const [domain, end] = [canonicalOf("domain", name), canonicalOf(kind, address)];
  if (!domain.ok || !end.ok) return undefined;
  return [
    { text: `domain-name:value = ${quoted(domain.value)}` },
    { text: `domain-name:resolves_to_refs[*].value = ${quoted(end.value)}` },
  ];
}

/** `address, port` and perhaps a protocol, in any order of the last two. */
function endpoint(kind: "ipv4" | "ipv6", line: string): Part[] | undefined {
  const [address = "", ...cells] = line.split(",").map((cell) => cell.trim());
  const port = cells.find((cell) => /^\d{1,5}$/.test(cell));
  const protocols = cells.filter((cell) => cell !== port && /^[a-z][a-z0-9-]{0,15}$/i.test(cell));
  const end = canonicalOf(kind, address);
  const isWhole = cells.length === protocols.length + (port === undefined ? 0 : 1);
  if (!end.ok || port === undefined || Number(port) > 65_535 || !isWhole) return undefined;
  return [
    { text: `network-traffic:dst_ref.value = ${quoted(end.value)}` },
    { text: `network-traffic:dst_port = ${Number(port)}` },
    ...protocols.map((name) => ({ text: `network-traffic:protocols[*] = ${quoted(name.toLowerCase())}` })),
  ];
}
