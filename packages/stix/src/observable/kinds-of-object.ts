import type { ObservableKind } from "./observable-kind.ts";

const KINDS: ReadonlyMap<string, readonly ObservableKind[]> = new Map<string, readonly ObservableKind[]>([
  ["domain-name", ["domain"]],
  ["ipv4-addr", ["ipv4", "cidr4"]],
  ["ipv6-addr", ["ipv6", "cidr6"]],
  ["mac-addr", ["mac"]],
  ["email-addr", ["email"]],
  ["url", ["url"]],
]);

/** Which kinds the `value` of an observable of this type may be of (STIX 2.1 §6); none where it is not in one value. */
export function kindsOfObject(type: string): readonly ObservableKind[] {
  return KINDS.get(type) ?? [];
}
