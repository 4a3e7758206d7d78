import { canonicalize } from "./canonicalize.ts";
import { classifyHost } from "./host.ts";
import type { ObservableKind } from "./observable-kind.ts";
import type { Place } from "./property-kind.ts";

/** A value of a kind, in its one spelling. */
export type ObservableValue = { kind: ObservableKind; value: string };

/** What stands at such a place, in its one spelling; undefined where it is no value of its kind. */
export function valueAt(place: Place, raw: string): ObservableValue | undefined {
  const text = raw.trim();
  if (place === "endpoint") return classifyHost(text);
  const kind = place === "address" ? addressKind(text) : place;
  const canonical = canonicalize(
    kind,
    kind === "ipv4" || kind === "ipv6" ? text.replace(/\/(?:32|128)$/, "") : text,
  );
  return canonical.ok ? { kind, value: canonical.value } : undefined;
}

/** A network of one address is that address. */
function addressKind(text: string): ObservableKind {
  const v6 = text.includes(":");
  const network = text.includes("/") && !text.endsWith(v6 ? "/128" : "/32");
  if (v6) return network ? "cidr6" : "ipv6";
  return network ? "cidr4" : "ipv4";
}
