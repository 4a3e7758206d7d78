import { type ObservableKind, scoFor } from "@suar/stix";
import { isJsonRecord, type JsonRecord } from "../json-value.ts";
import { ownValue } from "../own-value.ts";
import { steadyId } from "../steady-id.ts";
import { canonicalOf, kindAmong } from "../value-kind.ts";
import type { Attribute } from "./attribute.ts";
import { canonicalDigest } from "./hash-names.ts";
import { splitOnce } from "./pairs.ts";
import type { Field, Template } from "./template.ts";
import { isSet, timeOf } from "./written-text.ts";

export type Typed = JsonRecord & { type: string };

/** An observable of its own that came of one attribute. */
type Referred = { attribute: Attribute; object: Typed & { id: string } };

/** What the attributes of an object come to. */
export type Filled = {
  object: Typed;
  /** Objects of the same type, by the property that refers to them. */
  relatives: Map<string, Typed>;
  referred: Referred[];
  /** Attributes that the template knows and the object could not take. */
  lost: { attribute: Attribute; reason: string }[];
  /** Attributes that the template does not know. */
  rest: Attribute[];
};

/** Puts each attribute where the template has its place. */
export function fillTemplate(template: Template, attributes: readonly Attribute[], name: string): Filled {
  const { type, fixed = {} } = template;
  const object: Typed = { type, spec_version: "2.1", ...fixed };
  const filled: Filled = { object, relatives: new Map(), referred: [], lost: [], rest: [] };
  for (const attribute of inOrderOf(template, attributes)) {
    const field = ownValue(template.fields, attribute.relation ?? "");
    if (field === undefined) filled.rest.push(attribute);
    else {
      const reason = put(filled, field, attribute, template, name);
      if (reason !== undefined) filled.lost.push({ attribute, reason });
    }
  }
  return filled;
}

/** In the template's order, which is that of words; those of one field as they come. */
function inOrderOf({ fields }: Template, attributes: readonly Attribute[]): Attribute[] {
  const order = new Map(Object.keys(fields).map((relation, at) => [relation, at]));
  const rank = ({ relation }: Attribute): number => order.get(relation ?? "") ?? order.size;
  return [...attributes].sort((a, b) => rank(a) - rank(b));
}

/** Returns why it has no place. */
function put(
  filled: Filled,
  field: Field,
  attribute: Attribute,
  template: Template,
  name: string,
): string | undefined {
  if (field.becomes === "reference") return putReference(filled, field, attribute, name);
  const value = converted(field, attribute);
  if (value === undefined) return "No value of its kind";
  let object = filled.object;
  if (field.becomes === "relative") {
    object = filled.relatives.get(field.through) ?? { type: template.type, spec_version: "2.1" };
    filled.relatives.set(field.through, object);
  }
  const between = BETWEEN[field.as];
  const isFixed = field.path.length === 1 && Object.hasOwn(template.fixed ?? {}, field.path[0] ?? "");
  return setAt(object, field.path, value, { between, mayReplace: isFixed })
    ? undefined
    : "There is room for one";
}

const BETWEEN: Readonly<Partial<Record<string, string>>> = { word: " ", line: "\n", paragraph: "\n" };

function converted(field: Exclude<Field, { becomes: "reference" }>, attribute: Attribute): unknown {
  const { value, relation } = attribute;
  const text = value.trim();
  if (field.becomes === "property" && field.among !== undefined)
    return Object.hasOwn(field.among, text.toLowerCase()) ? field.among[text.toLowerCase()] : undefined;
  switch (field.as) {
    case "integer": {
      const digits = text.replace(/^ASN?\s*(?=\d)/i, "");
      return /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined;
    }
    case "number":
      return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined;
    case "flag":
      return isSet(text) ? true : /^(?:0|false|no)$/i.test(text) ? false : undefined;
    case "time":
      return timeOf(text);
    case "digest":
      return canonicalDigest(field.path.at(-1) ?? "", text.replace(/[:\s]/g, ""));
    case "line":
      return `${relation}: ${text}`;
    case "link":
      return /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(text) ? { source_name: "link", url: text } : undefined;
    case "capec":
      return capec(text);
    case "country":
      return /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text;
    default:
      return value;
  }
}

function capec(text: string): unknown {
  const number = /^(?:CAPEC-)?(\d{1,6})$/i.exec(text)?.[1];
  return number === undefined ? undefined : { source_name: "capec", external_id: `CAPEC-${number}` };
}

type How = { between: string | undefined; mayReplace: boolean };

/** False where a property of one value has one already. */
function setAt(
  object: JsonRecord,
  [first = "", ...rest]: readonly string[],
  value: unknown,
  how: How,
): boolean {
  const before = object[first];
  if (rest[0] === "[]") object[first] = [...(Array.isArray(before) ? before : []), value];
  else if (rest[0] === "0") {
    const [only = {}] = Array.isArray(before) ? before : [];
    object[first] = [only];
    return setAt(only as JsonRecord, rest.slice(1), value, how);
  } else if (rest.length > 0) {
    const inner = isJsonRecord(before) ? before : {};
    object[first] = inner;
    return setAt(inner, rest, value, how);
  } else if (before === undefined || how.mayReplace) object[first] = value;
  else if (how.between !== undefined) object[first] = `${before}${how.between}${value}`;
  else return before === value;
  return true;
}

function putReference(
  filled: Filled,
  field: Extract<Field, { becomes: "reference" }>,
  attribute: Attribute,
  name: string,
): string | undefined {
  const object = observableOf(field, attribute, `${name}/${attribute.relation}`);
  if (object === undefined) return "No value of its kind";
  const how = { between: undefined, mayReplace: false };
  if (!setAt(filled.object, field.path, object.id, how)) return "There is room for one";
  filled.referred.push({ attribute, object });
  return undefined;
}

function observableOf(
  { type, property, kinds }: Extract<Field, { becomes: "reference" }>,
  { value }: Attribute,
  name: string,
): (Typed & { id: string }) | undefined {
  if (kinds === undefined) {
    const object = { type, spec_version: "2.1", [property]: value };
    return { ...object, id: steadyId(object, name) };
  }
  return observableValue(value, kinds) ?? observableValue(splitOnce(value)[0], kinds);
}

function observableValue(
  value: string,
  kinds: readonly ObservableKind[],
): (Typed & { id: string }) | undefined {
  const kind = kindAmong(value, kinds);
  const canonical = kind === undefined ? undefined : canonicalOf(kind, value);
  return kind !== undefined && canonical?.ok === true ? scoFor(kind, canonical.value) : undefined;
}
