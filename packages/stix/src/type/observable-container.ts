import { applyRules } from "../parse/broken-properties.ts";
import { SCO_TYPES } from "../sco/sco-types.ts";
import { pointer, type StixObject } from "../stix-object.ts";
import { TypeName } from "./custom-object.ts";
import type { ObjectType, Report } from "./object-type.ts";

type Contained = Readonly<Record<string, unknown>> & { readonly type: string };
type Container = Readonly<Record<string, Contained>>;

const BY_TYPE: ReadonlyMap<string, ObjectType> = new Map(SCO_TYPES.map((sco) => [sco.type, sco]));
const UUID = "00000000-0000-4000-8000-000000000000";

/**
 * §2.13, deprecated: observables under keys of their own, by which they refer to each other and to nothing else. They
 * are held to chapter 6, but that they need no id; of STIX 2.0, which they may still be of, the values of HTTP headers
 * are no lists.
 */
export function checkContainer(container: Container, report: Report): void {
  for (const [key, object] of Object.entries(container)) {
    const under: Report = (path, code, ...rest) => {
      // The times of a file had these names in STIX 2.0, and may be in any order.
      if (path === "/modified" && code === "order") return;
      report(`${pointer(["objects", key])}${path}`, code, ...rest);
    };
    const definition = BY_TYPE.get(object.type);
    const resolved = resolve(object, container, under) as StixObject;
    if (definition !== undefined) checkObject(resolved, definition, under);
    else if (!TypeName.safeParse(object.type).success) {
      under("/type", "invalid-format", "not the name of a type", "3.1");
    }
  }
}

function checkObject(object: StixObject, definition: ObjectType, report: Report): void {
  const parsed = definition.schema.safeParse(object);
  const broken = new Set<string>();
  for (const { path, message } of parsed.error?.issues ?? []) {
    if (path[1] === "http-request-ext" && path[2] === "request_header") continue;
    broken.add(String(path[0]));
    report(pointer(path), "invalid-format", message);
  }
  applyRules(definition.rules, object, broken, report);
}

/** The object with ids in the place of keys, as outside a container. Structure and depth were looked at before. */
function resolve(object: Contained, container: Container, report: Report): object {
  const id = typeof object.id === "string" && object.id.includes("--") ? object.id : idOf(object);
  return { ...(follow(object, [], container, report) as object), id };
}

function follow(value: unknown, keys: readonly string[], container: Container, report: Report): unknown {
  if (Array.isArray(value)) {
    return value.map((item, n) => follow(item, [...keys, String(n)], container, report));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, member]) => [
      key,
      follow(member, [...keys, key], container, report),
    ]);
    return Object.fromEntries(entries);
  }
  const isReference = /_ref$|_refs$/.test(keys.at(-1) ?? "") || /_refs$/.test(keys.at(-2) ?? "");
  if (!isReference || typeof value !== "string" || keys[0] === "object_marking_refs") return value;
  if (Object.hasOwn(container, value)) return idOf(container[value] as Contained);
  report(pointer(keys), "missing-reference", "must refer to an object of its container", "2.13");
  return value;
}

function idOf({ type }: Contained): string {
  return `${type}--${UUID}`;
}
