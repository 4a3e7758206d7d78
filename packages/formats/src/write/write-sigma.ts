import { type ObservableValue, type StixObject, uuidv5 } from "@suar/stix";
import { isJsonRecord, listOf, textOf } from "../json-value.ts";
import { blocklist, type Statement } from "./blocklist.ts";
import { exerciseOf } from "./marking-lines.ts";
import type { ExportItem } from "./writer.ts";

/** Sigma specification 2.1, appendix of the taxonomy: where a value is looked for, and under which field. */
type Place = { logsource: Readonly<Record<string, string>>; selection: unknown };

const NAMESPACE = "0f5e7d43-6f0a-4d1c-9a53-3f2f6a0be6c1";
const LONGEST = { title: 256, description: 4_000 };

/**
 * Sigma rules as JSON, a rule a line (docs/formats.md): one for each value that an indicator says by itself. Rules are for
 * acting upon, as those of an IDS.
 */
export const sigmaWriter = blocklist({
  mediaType: "application/x-ndjson; charset=utf-8",
  extension: ".ndjson",
  losses: [
    "names of files, addresses of e-mail, mutexes, numbers of networks and accounts: Sigma's taxonomy has no log that they stand in",
    "rules that an indicator holds in Sigma's own or another language",
  ],
  header: () => "",
  lines: (value, statement) => {
    const place = placeOf(value);
    return place === undefined ? null : `${JSON.stringify(ruleOf(value, place, statement))}\n`;
  },
});

const WINDOWS = { product: "windows" };

function placeOf({ kind, value }: ObservableValue): Place | undefined {
  const text = literal(value);
  switch (kind) {
    case "domain":
      return {
        logsource: { category: "dns" },
        selection: [{ query: text }, { "query|endswith": `.${text}` }],
      };
    case "ipv4":
    case "ipv6":
      return { logsource: { category: "firewall" }, selection: { dst_ip: text } };
    case "cidr4":
    case "cidr6":
      return { logsource: { category: "firewall" }, selection: { "dst_ip|cidr": value } };
    case "url":
      return { logsource: { category: "proxy" }, selection: { "c-uri": text } };
    case "user-agent":
      return { logsource: { category: "proxy" }, selection: { "c-useragent": text } };
    case "md5":
    case "sha1":
    case "sha256":
      return { logsource: { category: "process_creation", ...WINDOWS }, selection: { [kind]: text } };
    case "regkey":
      return {
        logsource: { category: "registry_event", ...WINDOWS },
        selection: { "TargetObject|contains": literal(belowHive(value)) },
      };
    default:
      return undefined;
  }
}

/** Specification, "Escape Character": what would be a wildcard is none. */
function literal(text: string): string {
  return text.replace(/[\\*?]/g, "\\$&");
}

/** Sysmon writes hives by their short names. */
function belowHive(key: string): string {
  return key.replace(/^HKEY_[A-Z_]+(?=\\)/i, "");
}

function ruleOf(value: ObservableValue, { logsource, selection }: Place, statement: Statement): object {
  const { object, producer } = statement.item;
  const says = statement.exercise === undefined ? "" : `${exerciseOf(statement.exercise)}: `;
  const name = textOf(object.name) ?? value.value;
  return {
    title: `${says}${producer}: ${name}`.slice(0, LONGEST.title).toWellFormed(),
    id: uuidv5(NAMESPACE, JSON.stringify([producer, object.id, value.kind, value.value])),
    status: "experimental",
    description: `${says}${textOf(object.description) ?? ""}`.slice(0, LONGEST.description).toWellFormed(),
    references: linksOf(object),
    author: producer,
    date: dayOf(object.created) ?? statement.item.at.slice(0, 10),
    modified: dayOf(object.modified) ?? statement.item.at.slice(0, 10),
    tags: tagsOf(statement.item),
    logsource,
    detection: { selection, condition: "selection" },
    falsepositives: ["unknown"],
    level: levelOf(object.confidence),
    indicator: object.id,
  };
}

function dayOf(time: unknown): string | undefined {
  return typeof time === "string" ? time.slice(0, 10) : undefined;
}

function linksOf({ external_references: references }: StixObject): string[] {
  const links = listOf(references).flatMap((one) =>
    isJsonRecord(one) && typeof one.url === "string" ? [one.url] : [],
  );
  return [...new Set(links)];
}

/** Appendix of tags: `attack.`, `cve.` and `tlp.` in small letters. */
function tagsOf({ object, tlp }: ExportItem): string[] {
  const numbers = listOf(object.external_references).flatMap((one) =>
    isJsonRecord(one) ? (textOf(one.external_id) ?? []) : [],
  );
  const phases = listOf(object.kill_chain_phases).flatMap((one) =>
    isJsonRecord(one) && one.kill_chain_name === "mitre-attack" ? (textOf(one.phase_name) ?? []) : [],
  );
  const labels = listOf(object.labels).flatMap((label) => textOf(label) ?? []);
  const techniques = [...numbers, ...labels].flatMap((text) => ATTACK.exec(text)?.[1]?.toLowerCase() ?? []);
  const flaws = numbers.flatMap((text) => CVE.exec(text)?.[1] ?? []);
  return [
    ...new Set([
      ...phases.map((phase) => `attack.${phase}`),
      ...techniques.map((number) => `attack.${number}`),
      ...flaws.map((number) => `cve.${number}`),
      `tlp.${tlp.replace("+", "-")}`,
    ]),
  ].filter((tag) => TAG.test(tag));
}

const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;
const ATTACK = /(?:^|\s|=")([TGS]\d{4}(?:\.\d{3})?)"?$/;
const CVE = /^CVE-(\d{4}-\d{4,19})$/i;

/** By STIX's confidence; what nobody has judged is looked at. */
function levelOf(confidence: unknown): "low" | "medium" | "high" {
  if (typeof confidence !== "number") return "medium";
  return confidence >= 80 ? "high" : confidence >= 40 ? "medium" : "low";
}
