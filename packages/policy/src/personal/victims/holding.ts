import type { StixObject } from "@suar/stix";

/** What is a victim's where the whole is: what an object says so of itself, or a relationship of its source. */
export type Holding = { whole: string; parts: readonly string[] };

/** §4.8.1 and §6.4.2: what these lead to belongs to what they come from. */
const HOLDS: Readonly<Record<string, string>> = {
  "consists-of": "infrastructure",
  "resolves-to": "domain-name",
};

export function holdingOf(object: StixObject): Holding {
  return object.type === "relationship" ? heldBySource(object) : { whole: object.id, parts: partsOf(object) };
}

/** Whether a relationship says that one thing is a part of another. */
function heldBySource({
  id,
  relationship_type: kind,
  source_ref: source,
  target_ref: target,
}: StixObject): Holding {
  const holds = typeof source === "string" && source.startsWith(`${HOLDS[String(kind)]}--`);
  return holds ? { whole: source, parts: refs(target) } : { whole: id, parts: [] };
}

/** Names that were looked up at a victim's are anybody's: only what is called a victim's own leads on by its name. */
function partsOf(object: StixObject): readonly string[] {
  switch (object.type) {
    case "observed-data":
      return refs(object.object_refs).filter(isNoName);
    case "network-traffic":
      return [...refs(object.src_ref), ...refs(object.dst_ref)].filter(isNoName);
    case "domain-name":
      return refs(object.resolves_to_refs);
    default:
      return refs(object.belongs_to_ref);
  }
}

function isNoName(id: string): boolean {
  return !id.startsWith("domain-name--");
}

export function refs(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
