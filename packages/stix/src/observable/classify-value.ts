import { canonicalize } from "./canonicalize.ts";
import type { ObservableKind } from "./observable-kind.ts";

/** Tried in this order: what can be told for certain comes first, names last. */
const ORDER: readonly (readonly [ObservableKind, RegExp])[] = [
  ["cve", /^CVE-/i],
  ["url", /^[A-Za-z][A-Za-z0-9+.-]*:\/\//],
  ["regkey", /^HK(?:EY_|LM\\|CU\\|CR\\|U\\|CC\\)/i],
  ["email", /^[^\s@]+@[^\s@]+$/],
  ["ipv4", /^[\d.]+\/32$/],
  ["ipv6", /^[\da-f:.]+\/128$/i],
  ["cidr4", /^[\d.]+\/\d+$/],
  ["cidr6", /^[\da-f:.]+\/\d+$/i],
  ["ipv4", /^[\d.]+$/],
  ["mac", /^(?:[\da-f]{2}[:-]){5}[\da-f]{2}$|^(?:[\da-f]{4}\.){2}[\da-f]{4}$/i],
  ["ipv6", /^[\da-f:.]*:[\da-f:.]*$/i],
  ["md5", /^[\da-f]{32}$/i],
  ["sha1", /^[\da-f]{40}$/i],
  ["sha256", /^[\da-f]{64}$/i],
  ["sha512", /^[\da-f]{128}$/i],
  ["ssdeep", /^\d+:[A-Za-z0-9+/]{3,}:[A-Za-z0-9+/]{3,}$/],
  ["btc", /^(?:[13]|bc1)[a-z0-9]{24,86}$/i],
  ["asn", /^ASN?\s?\d/i],
  ["user-agent", /^(?:Mozilla|curl|Wget|python-requests|Go-http-client|Opera|okhttp)\/\d/],
  ["url", /^[^\s/\\:@]+\.[^\s/\\:@]+(?::\d+)?\/\S*$/],
];

/** Endings of file names that are no top-level domains, or are far likelier a file's (`zip`). */
const FILE_ENDINGS: ReadonlySet<string> = new Set(
  (
    "exe dll sys scr cpl drv ocx msi msix bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta lnk jar class war apk ipa dex " +
    "doc docx docm dot dotm xls xlsx xlsm xlsb xll ppt pptx pptm rtf pdf odt ods one txt log csv xml json html htm " +
    "php asp aspx jsp zip rar 7z gz tar tgz bz2 xz cab iso img vhd vhdx udf bin dat tmp db elf so dylib dmg pkg " +
    "png jpg jpeg gif bmp svg ico eml msg ics ini cfg conf reg inf key pem crt"
  ).split(" "),
);

/**
 * Guesses the kind of one value, already refanged; `undefined` when nothing fits. What it names can be
 * canonicalized as that kind. Mutexes have no form of their own and are never guessed.
 */
export function classifyValue(text: string): ObservableKind | undefined {
  const value = text.trim();
  if (value === "" || value.length > 16_384) return undefined;
  for (const [kind, shape] of ORDER) {
    if (shape.test(value) && canonicalize(kind, value).ok) return kind;
  }
  return classifyName(value);
}

function classifyName(value: string): ObservableKind | undefined {
  if (value.length > 255 || /[\\/:*?"<>|]/.test(value)) return undefined;
  const ending = /[^.\s]\.([a-z0-9]{1,5})$/i.exec(value)?.[1]?.toLowerCase();
  if (ending !== undefined && FILE_ENDINGS.has(ending)) return "filename";
  return canonicalize("domain", value).ok ? "domain" : undefined;
}
