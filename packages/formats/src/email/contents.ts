import { BlockList, isIP } from "node:net";
import type { ObservableKind } from "@suar/stix";
import { findValues } from "../text/find-values.ts";
import { piecesOf } from "../text/lines.ts";
import { canonicalOf } from "../value-kind.ts";
import { readHtml } from "./html-text.ts";
import type { Mail } from "./parse-mail.ts";

export type Found = { kind: ObservableKind; raw: string };

/** What people write into a message and attackers too; addresses of e-mail in a text are mostly its readers'. */
const KINDS: ReadonlySet<ObservableKind> = new Set([
  "url",
  "domain",
  "ipv4",
  "ipv6",
  "cidr4",
  "cidr6",
  "cve",
  "md5",
  "sha1",
  "sha256",
  "sha512",
  "btc",
]);
const MOST_LINES = 20_000;
/** Of a line of Received; RFC 5321 §4.5.3.1.6 allows 1,000. */
const LONGEST_LINE = 16_384;

type Contents = { text: string; seen: string; links: string[]; isCut: boolean };

/** What a reader sees of a message; `seen` is all of it, which text and HTML may say differently. */
export function textOf({ text, html }: Mail): Contents {
  const page = html === undefined ? undefined : readHtml(html);
  const plain = text?.replace(/\r\n/g, "\n").trim() ?? "";
  const shown = page?.text ?? "";
  return {
    text: plain === "" ? shown : plain,
    seen: `${plain}\n${shown}`,
    links: page?.links ?? [],
    isCut: page !== undefined && (page.isCut || page.more > 0),
  };
}

/** What stands in a text, and how much of it was passed over, by what it is. */
export type Values = { values: Found[]; passed: ReadonlyMap<string, number> };

/** URLs with their hosts, and the other values that stand in a text or behind its links. Each once. */
export function valuesIn(text: string, links: readonly string[]): Values {
  const found = new Map<string, Found>();
  const passed = new Map<string, Set<string>>();
  const add = (value: Found): void => {
    const canonical = canonicalOf(value.kind, value.raw);
    if (canonical.ok && !found.has(`${value.kind}:${canonical.value}`))
      found.set(`${value.kind}:${canonical.value}`, value);
  };
  const pass = (what: string, raw: string): void =>
    void passed.set(what, (passed.get(what) ?? new Set()).add(raw));
  for (const link of links) {
    if (/^(?:https?|ftp):\/\//i.test(link)) add({ kind: "url", raw: link });
    else if (/^mailto:/i.test(link)) pass("addresses of e-mail", link.slice(7).split("?")[0] ?? "");
    else if (!/^(?:cid:|#)/i.test(link)) pass("links that lead to no host", link.slice(0, 200));
  }
  const lines = text.split("\n");
  for (const line of lines.slice(0, MOST_LINES).flatMap((one) => [...piecesOf(one)]))
    for (const { kind, raw } of findValues(line)) {
      if (KINDS.has(kind)) add({ kind, raw });
      else pass("addresses of e-mail", raw);
    }
  for (const { kind, raw } of [...found.values()])
    if (kind === "url") for (const host of hostOf(raw)) add(host);
  const counts = new Map([...passed].map(([what, all]) => [what, all.size]));
  if (lines.length > MOST_LINES) counts.set("lines behind the first", lines.length - MOST_LINES);
  return { values: [...found.values()], passed: counts };
}

function hostOf(url: string): Found[] {
  const canonical = canonicalOf("url", url);
  if (!canonical.ok || !URL.canParse(canonical.value)) return [];
  const host = new URL(canonical.value).hostname.replace(/^\[|\]$/g, "");
  const version = isIP(host);
  if (version === 0) return host.includes(".") ? [{ kind: "domain", raw: host }] : [];
  return [{ kind: version === 4 ? "ipv4" : "ipv6", raw: host }];
}

/** Networks that nobody reaches from outside (RFC 6890): what a hop within them says is of its own house. */
const INTERNAL = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
] as const)
  INTERNAL.addSubnet(network, prefix, "ipv4");
for (const [network, prefix] of [
  ["fc00::", 7],
  ["fe80::", 10],
  ["::1", 128],
] as const)
  INTERNAL.addSubnet(network, prefix, "ipv6");

/** The addresses that a message came from and through: the `from` of each Received line (RFC 5321 §4.4). */
export function hopsOf(lines: readonly string[]): { hops: Found[]; internal: number } {
  const hops = new Map<string, Found>();
  let internal = 0;
  for (const line of lines) {
    const [from = ""] = line.slice(0, LONGEST_LINE).split(/(?:^|\s)by\s/i, 1);
    for (const [, written = ""] of from.matchAll(/[[(\s](?:IPv6:)?([0-9A-Fa-f:.]{3,45})[\])\s;]/g)) {
      const version = isIP(written);
      if (version === 0) continue;
      const family = version === 4 ? "ipv4" : "ipv6";
      if (INTERNAL.check(written, family)) internal += 1;
      else hops.set(written, { kind: family, raw: written });
    }
  }
  return { hops: [...hops.values()], internal };
}
