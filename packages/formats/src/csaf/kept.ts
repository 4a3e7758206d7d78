import { isJsonRecord, type JsonRecord } from "../json-value.ts";
import type { Shape, ShapeFields } from "./shape.ts";

/** Told of each value that has a place in CSAF and no form that it takes there. */
export type Losing = (at: string, reason: string) => void;

/** STIX's objects are nested no deeper than 64, and this stands some levels down in one. */
const DEEPEST = 48;
const LONGEST_TEXT = 100_000;

const DATE = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;

/** What of a value is CSAF: nothing empty, no name that CSAF does not know, no number or text that STIX cannot hold. */
export function kept(record: JsonRecord, shape: ShapeFields, at: string, lose: Losing): JsonRecord {
  return (keptRecord(record, shape, { at, lose, depth: 1 }) ?? {}) as JsonRecord;
}

type Place = { at: string; lose: Losing; depth: number };

function keptValue(value: unknown, shape: Shape, place: Place): unknown {
  if (typeof shape === "function") return keptValue(value, shape(), place);
  if (place.depth > DEEPEST) return void place.lose(place.at, "Nested too deep to be carried");
  if (Array.isArray(shape)) return keptList(value, shape[0] as Shape, place);
  if (typeof shape === "object") return keptRecord(value, shape as ShapeFields, place);
  if (shape === "any") return keptAny(value, place);
  return keptScalar(value, shape, place);
}

/** Text that stands alone is a list of one, as readers take it. */
function keptList(value: unknown, shape: Shape, place: Place): unknown {
  const list = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  const left = list
    .map((one, position) => keptValue(one, shape, under(place, position)))
    .filter((one) => one !== undefined);
  return left.length === 0 ? undefined : left;
}

function keptRecord(value: unknown, shape: ShapeFields, place: Place): unknown {
  if (!isJsonRecord(value)) return undefined;
  const left = Object.entries(shape).flatMap(([name, inner]): [string, unknown][] => {
    if (!Object.hasOwn(value, name)) return [];
    const one = keptValue(value[name], inner, under(place, name));
    return one === undefined ? [] : [[name, one]];
  });
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** Scores, as their own schemas have them. */
function keptAny(value: unknown, place: Place): unknown {
  if (Array.isArray(value)) return keptList(value, "any", place);
  if (!isJsonRecord(value)) return keptScalar(value, "text", place);
  const names = Object.keys(value).filter((name) => /^\w{1,100}$/.test(name));
  return keptRecord(value, Object.fromEntries(names.map((name) => [name, "any"])), place);
}

function keptScalar(value: unknown, shape: "text" | "date" | "uri", { at, lose }: Place): unknown {
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
    return shape === "text" ? value : void lose(at, `No ${shape}`);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const text = value.slice(0, LONGEST_TEXT).toWellFormed();
  if (shape === "date" && !(DATE.test(text) && Number.isFinite(Date.parse(text))))
    return void lose(at, "No time of RFC 3339: it is carried as text alone");
  if (shape === "uri" && !URI.test(text)) return void lose(at, "No URI: it is carried as text alone");
  return text;
}

function under({ at, lose, depth }: Place, name: string | number): Place {
  return { at: `${at}/${name}`, lose, depth: depth + 1 };
}
