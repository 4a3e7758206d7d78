import { formatTlp, type ObservableKind } from "@suar/stix";
import { blocklist } from "./blocklist.ts";
import { exerciseOf, markingLines } from "./marking-lines.ts";

const TYPES: Partial<Record<ObservableKind, string>> = {
  domain: "Intel::DOMAIN",
  ipv4: "Intel::ADDR",
  ipv6: "Intel::ADDR",
  cidr4: "Intel::SUBNET",
  cidr6: "Intel::SUBNET",
  url: "Intel::URL",
  email: "Intel::EMAIL",
  md5: "Intel::FILE_HASH",
  sha1: "Intel::FILE_HASH",
  sha256: "Intel::FILE_HASH",
  sha512: "Intel::FILE_HASH",
};

const FIELDS = ["indicator", "indicator_type", "meta.source", "meta.desc"];

/** A file of Zeek's intelligence framework: columns with tabs between them. A URL has no scheme there. */
export const zeekWriter = blocklist({
  mediaType: "text/tab-separated-values; charset=utf-8",
  extension: ".intel",
  losses: ["values of kinds that Zeek's intelligence framework does not know", "the scheme of a URL"],
  header: (facts) => `${markingLines(facts, "#")}#fields\t${FIELDS.join("\t")}\n`,
  lines: ({ kind, value }, { item: { producer, object, tlp }, exercise }) => {
    const type = TYPES[kind];
    if (type === undefined) return undefined;
    const shown = kind === "url" ? value.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "") : value;
    const source = exercise === undefined ? "Suar" : `${exerciseOf(exercise)} Suar`;
    return `${[escaped(shown), type, escaped(`${source} ${producer}`), escaped(`${object.id} ${formatTlp(tlp)}`)].join("\t")}\n`;
  },
});

/** As Zeek's reader takes it back; no cell begins a comment. */
function escaped(text: string): string {
  const safe = text.replace(
    /[\\\t\r\n]/g,
    (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
  return safe.startsWith("#") ? `\\x23${safe.slice(1)}` : safe;
}
