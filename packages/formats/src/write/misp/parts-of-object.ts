import type { StixObject } from "@suar/stix";
import { isJsonRecord, listOf } from "../../json-value.ts";
import type { Field, Template } from "../../misp/template.ts";
import type { NewPart } from "./new-object.ts";
import type { Scene } from "./scene.ts";

/** What an object comes to by its template, read backwards: a part for each relation that it has something for. */
export function partsByTemplate(
  scene: Scene,
  object: StixObject,
  { fields }: Template,
): { parts: NewPart[]; referred: string[] } {
  const taken = new Set<string>();
  const referred: string[] = [];
  const parts: NewPart[] = [];
  for (const [relation, field] of Object.entries(fields)) {
    const values = valuesOf(scene, object, relation, field, taken, referred);
    for (const [at, value] of values.entries()) parts.push({ relation, value, part: `${relation} ${at}` });
  }
  return { parts, referred };
}

function valuesOf(
  scene: Scene,
  object: StixObject,
  relation: string,
  field: Field,
  taken: Set<string>,
  referred: string[],
): string[] {
  if (field.becomes === "reference") {
    return valuesAt(object, field.path).flatMap((id) => {
      const target = scene.object(id);
      const place = `${field.path.join(".")} ${id}`;
      if (target === undefined || taken.has(place) || !isOfRelation(relation, field.type, target.type))
        return [];
      const value = target[field.type === "" ? "value" : field.property];
      if (typeof value !== "string") return [];
      taken.add(place);
      referred.push(target.id);
      return [value];
    });
  }
  const base = field.becomes === "relative" ? scene.object(object[field.through]) : object;
  if (base === undefined) return [];
  if (field.becomes === "relative") referred.push(base.id);
  const values = valuesAt(base, field.path);
  if (field.as === "line") return values.flatMap((text) => linesOf(String(text), relation));
  const place = `${field.becomes} ${field.path.join(".")}`;
  if (taken.has(place)) return [];
  const told = values.flatMap((value) => told1(value, field));
  if (told.length > 0) taken.add(place);
  return told;
}

/** Of the ends of traffic, names and addresses stand under relations of their own. */
function isOfRelation(relation: string, wanted: string, type: string): boolean {
  if (wanted !== "") return wanted === type;
  return /host|domain/.test(relation) === (type === "domain-name");
}

function told1(value: unknown, { as }: Extract<Field, { as: unknown }>): string[] {
  if (as === "link" || as === "capec") {
    if (!isJsonRecord(value)) return [];
    const text = as === "link" ? value.url : value.source_name === "capec" ? value.external_id : undefined;
    return typeof text === "string" ? [text] : [];
  }
  if (typeof value === "boolean") return [value ? "1" : "0"];
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

/** Lines `relation: value` of a longer text. */
function linesOf(text: string, relation: string): string[] {
  const begin = `${relation}: `;
  return text.split("\n").flatMap((line) => (line.startsWith(begin) ? [line.slice(begin.length)] : []));
}

function valuesAt(value: unknown, [first, ...rest]: readonly string[]): unknown[] {
  if (first === undefined) return value === undefined ? [] : [value];
  if (first === "[]") return listOf(value).flatMap((one) => valuesAt(one, rest));
  if (/^\d+$/.test(first)) return valuesAt(listOf(value)[Number(first)], rest);
  return isJsonRecord(value) && Object.hasOwn(value, first) ? valuesAt(value[first], rest) : [];
}
