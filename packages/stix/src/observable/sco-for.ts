import { scoId } from "../name/sco-id.ts";
import type { StixObject } from "../stix-object.ts";
import { ALGORITHMS } from "./hash-kind.ts";
import type { ObservableKind } from "./observable-kind.ts";

/** The SCO and the property that hold a value of each kind that is no hash. */
const HOLDERS: Readonly<Partial<Record<ObservableKind, readonly [type: string, property: string]>>> = {
  domain: ["domain-name", "value"],
  ipv4: ["ipv4-addr", "value"],
  ipv6: ["ipv6-addr", "value"],
  cidr4: ["ipv4-addr", "value"],
  cidr6: ["ipv6-addr", "value"],
  url: ["url", "value"],
  email: ["email-addr", "value"],
  mac: ["mac-addr", "value"],
  filename: ["file", "name"],
  mutex: ["mutex", "name"],
  regkey: ["windows-registry-key", "key"],
};

/**
 * The bare SCO of a canonical value, with its deterministic id; `undefined` for the kinds that no SCO holds
 * alone: a CVE number is a vulnerability, a bitcoin address and a user agent have no SCO of their own.
 */
export function scoFor(kind: ObservableKind, value: string): StixObject | undefined {
  const content = contentOf(kind, value);
  if (content === undefined) return undefined;
  const { type, ...properties } = content;
  return { type, spec_version: "2.1", id: scoId(content), ...properties };
}

function contentOf(
  kind: ObservableKind,
  value: string,
): { type: string; [property: string]: unknown } | undefined {
  if (kind === "asn") return { type: "autonomous-system", number: Number(value) };
  const algorithm = ALGORITHMS[kind];
  if (algorithm !== undefined) return { type: "file", hashes: { [algorithm]: value } };
  const holder = HOLDERS[kind];
  return holder === undefined ? undefined : { type: holder[0], [holder[1]]: value };
}
