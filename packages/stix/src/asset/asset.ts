import { cpe23Of } from "../cpe/cpe-name.ts";
import { formatCpe, namesProduct, readCpe } from "../cpe/match-cpe.ts";
import { canonicalize } from "../observable/canonicalize.ts";
import type { ObservableKind } from "../observable/observable-kind.ts";
import { refang } from "../observable/refang.ts";

/** What an organisation has: autonomous systems, networks (an address is one of one), domains, products. */
export type Asset = { kind: "asn" | "network" | "domain" | "product"; value: string };

/** An asset, or why it is none. Codes: `empty`, `too-long`, `no-asset`, `no-product`. */
export type AssetResult = { ok: true; asset: Asset } | { ok: false; code: string; message: string };

export const LONGEST_ASSET = 500;

/**
 * Reads an asset as somebody wrote it, defanged or not: `AS64496`, `192.0.2.0/24`, `2001:db8::1`, `bank.example`,
 * `cpe:2.3:a:vendor:product:…`, also in the older binding of CPE. What it gives read again is the same.
 */
export function parseAsset(raw: string): AssetResult {
  const text = raw.trim();
  if (text === "") return refused("empty", "an empty value");
  if (text.length > LONGEST_ASSET) return refused("too-long", `longer than ${LONGEST_ASSET} characters`);
  if (/^cpe:/i.test(text)) return parseProduct(text);
  const plain = refang(text);
  if (/^ASN?\s?\d/i.test(plain)) return asValue("asn", "asn", plain);
  const v6 = plain.includes(":");
  if (plain.includes("/")) return parseNetwork(v6 ? "cidr6" : "cidr4", plain);
  if (v6 || /^[\d.]+$/.test(plain)) return asValue("network", v6 ? "ipv6" : "ipv4", plain);
  return asValue("domain", "domain", plain);
}

/** As it is shown and read again. */
export function assetText({ kind, value }: Asset): string {
  return kind === "asn" ? `AS${value}` : value;
}

function parseProduct(text: string): AssetResult {
  const formatted = cpe23Of(text.replace(/^cpe:/i, "cpe:"));
  const name = formatted === undefined ? undefined : readCpe(formatted);
  if (name === undefined) return refused("no-product", "not a CPE name of version 2.3 (NIST IR 7695)");
  if (!namesProduct(name)) return refused("no-product", "names neither a vendor nor a product");
  return { ok: true, asset: { kind: "product", value: formatCpe(name) } };
}

/** A network of one address is that address. */
function parseNetwork(kind: "cidr4" | "cidr6", text: string): AssetResult {
  const single = kind === "cidr4" ? "/32" : "/128";
  if (text.endsWith(single)) return asValue("network", kind === "cidr4" ? "ipv4" : "ipv6", text);
  return asValue("network", kind, text);
}

function asValue(kind: Asset["kind"], as: ObservableKind, text: string): AssetResult {
  const canonical = canonicalize(as, text);
  if (canonical.ok) return { ok: true, asset: { kind, value: canonical.value } };
  return refused("no-asset", "no AS number, address, CIDR, domain or CPE name");
}

function refused(code: string, message: string): AssetResult {
  return { ok: false, code, message };
}
