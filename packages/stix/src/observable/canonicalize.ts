import { canonicalBitcoin } from "./bitcoin.ts";
import { canonicalDomain } from "./host.ts";
import { canonicalCidr4, canonicalCidr6, canonicalIpv4, canonicalIpv6 } from "./ip-address.ts";
import { accepted, type Canonical, type ObservableKind, refused } from "./observable-kind.ts";
import { canonicalUrl } from "./url.ts";

const LONGEST = 16_384;

const CANONICAL: Readonly<Record<ObservableKind, (text: string) => Canonical>> = {
  domain: canonicalDomain,
  ipv4: canonicalIpv4,
  ipv6: canonicalIpv6,
  cidr4: canonicalCidr4,
  cidr6: canonicalCidr6,
  url: canonicalUrl,
  email: canonicalEmail,
  md5: (text) => canonicalHash(text, 32),
  sha1: (text) => canonicalHash(text, 40),
  sha256: (text) => canonicalHash(text, 64),
  sha512: (text) => canonicalHash(text, 128),
  ssdeep: canonicalSsdeep,
  cve: canonicalCve,
  btc: canonicalBitcoin,
  mac: canonicalMac,
  asn: canonicalAsn,
  filename: canonicalName,
  mutex: canonicalName,
  regkey: canonicalRegistryKey,
  "user-agent": canonicalName,
};

/**
 * The one spelling of a value of `kind`; canonicalizing it again changes nothing. `raw` is refanged by the
 * caller. Codes: `empty`, `too-long`, and one `not-…` for each kind (`no-host` for a URL without a host).
 */
export function canonicalize(kind: ObservableKind, raw: string): Canonical {
  const text = raw.trim();
  if (text === "") return refused("empty", "an empty value");
  if (text.length > LONGEST) return refused("too-long", `longer than ${LONGEST} characters`);
  return CANONICAL[kind](text);
}

/** Lower case throughout: no mail system that matters tells cases apart in the local part. */
function canonicalEmail(text: string): Canonical {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at).toLowerCase().normalize("NFC");
  const domain = canonicalDomain(text.slice(at + 1));
  if (at < 1 || !domain.ok || !/^[^\s@"<>(),:;\\[\]]{1,64}$/u.test(local)) {
    return refused("not-email", "not an e-mail address");
  }
  return accepted(`${local}@${domain.value}`);
}

function canonicalHash(text: string, length: number): Canonical {
  if (text.length !== length || !/^[0-9a-fA-F]+$/.test(text)) {
    return refused("not-hash", `not ${length} hexadecimal digits`);
  }
  return accepted(text.toLowerCase());
}

/** Block size and two chunks in base64, whose case matters. */
function canonicalSsdeep(text: string): Canonical {
  if (text.length > 160 || !/^[1-9]\d{0,9}:[A-Za-z0-9+/]*:[A-Za-z0-9+/]*$/.test(text)) {
    return refused("not-ssdeep", "not an ssdeep hash");
  }
  return accepted(text);
}

function canonicalCve(text: string): Canonical {
  const cve = text.toUpperCase();
  return /^CVE-\d{4}-\d{4,19}$/.test(cve) ? accepted(cve) : refused("not-cve", "not a CVE number");
}

/** `aa-bb-cc-dd-ee-ff`, `aabb.ccdd.eeff` and twelve bare digits alike. */
function canonicalMac(text: string): Canonical {
  const separated = /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i.test(text);
  if (!separated && !/^(?:[0-9a-f]{12}|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4})$/i.test(text)) {
    return refused("not-mac", "not a MAC address");
  }
  const digits = text.replace(/[:.-]/g, "").toLowerCase();
  return accepted(digits.replace(/..(?=.)/g, "$&:"));
}

/** The number alone: `AS13335`, `13335` and `AS0.13335` (RFC 5396) alike. */
function canonicalAsn(text: string): Canonical {
  const match = /^(?:ASN?\s?)?(?:(\d{1,5})\.)?(\d{1,10})$/i.exec(text);
  const high = Number(match?.[1] ?? 0);
  const low = Number(match?.[2] ?? Number.NaN);
  const dotted = match?.[1] !== undefined;
  const number = high * 65_536 + low;
  if (!(number <= 0xffffffff) || high > 65_535 || (dotted && low > 65_535)) {
    return refused("not-asn", "not a number of an autonomous system");
  }
  return accepted(String(number));
}

/** Names of files, mutexes and user agents are kept as they are, but for Unicode's equivalent spellings. */
function canonicalName(text: string): Canonical {
  const name = text.normalize("NFC").trim();
  if (!name.isWellFormed() || hasControl(name)) return refused("not-name", "holds a control character");
  return accepted(name);
}

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

const HIVES: Readonly<Record<string, string>> = {
  HKLM: "HKEY_LOCAL_MACHINE",
  HKCU: "HKEY_CURRENT_USER",
  HKCR: "HKEY_CLASSES_ROOT",
  HKU: "HKEY_USERS",
  HKCC: "HKEY_CURRENT_CONFIG",
};

/** The hive in full and upper-case (STIX §6.17.1), single backslashes, none at the end; other case is kept. */
function canonicalRegistryKey(text: string): Canonical {
  const [first = "", ...rest] = text.normalize("NFC").split(/\\+/);
  const hive = first.toUpperCase();
  const full = Object.hasOwn(HIVES, hive) ? HIVES[hive] : hive;
  if (full === undefined || !/^HKEY_[A-Z_]+$/.test(full) || hasControl(text) || !text.isWellFormed()) {
    return refused("not-regkey", "not a registry key");
  }
  return accepted([full, ...rest].join("\\").replace(/[\\\s]+$/, ""));
}
