import { ADDRESS_KINDS, ObservableKind } from "@suar/stix";
import { mappingOf } from "../misp/attribute-types.ts";
import type { WarningList } from "./warning-list.ts";

const ALL: ReadonlySet<ObservableKind> = new Set(ObservableKind.options);

/** MISP's word for every type of attribute; a list that names none means all, too. */
const EVERY = "ALL";

/** Whose values a type of list can hold at all: a network holds no file's name. */
const POSSIBLE: Partial<Record<WarningList["type"], ReadonlySet<ObservableKind>>> = {
  cidr: new Set([...ADDRESS_KINDS, "url"]),
  hostname: new Set(["domain", "url", "email"]),
};

/** The kinds of values that a list speaks of, by the types of MISP's attributes that it names. */
export function kindsOfList({
  type,
  matching_attributes: names,
}: Pick<WarningList, "type" | "matching_attributes">): ReadonlySet<ObservableKind> {
  const named =
    names.length === 0 || names.includes(EVERY) ? ALL : new Set(names.flatMap((name) => kindsOfType(name)));
  return named.intersection(POSSIBLE[type] ?? ALL);
}

function kindsOfType(name: string): readonly ObservableKind[] {
  const mapping = mappingOf(name);
  switch (mapping?.becomes) {
    case "value":
    case "with-port":
      return mapping.kinds;
    case "pair":
      return mapping.kinds.flat();
    case "file":
      return ["filename", ...hashKinds(mapping.hash)];
    case "registry-value":
      return ["regkey"];
    case "vulnerability":
      return ["cve"];
    case "reference":
      return ["url"];
    default:
      return [];
  }
}

function hashKinds(name: string | undefined): ObservableKind[] {
  const kind = ObservableKind.safeParse(name);
  return kind.success ? [kind.data] : [];
}
