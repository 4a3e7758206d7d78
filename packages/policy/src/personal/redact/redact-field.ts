import type { Operation } from "../../pairs/operation.ts";
import type { PiiClass } from "../../personal-data.ts";
import { type Field, findingsInField } from "../field-spans.ts";
import { maskedWords, removed, replaced } from "./marker.ts";
import type { RedactionKeys } from "./operation.ts";
import { pseudonymOf } from "./pseudonym.ts";
import { masked, type Operations, redactText } from "./redact-text.ts";

/** The field is to be left out. */
export const GONE: unique symbol = Symbol("gone");
/** The field is what the object is about: the object goes with it. */
export const LOST: unique symbol = Symbol("lost");

type Left = string | typeof GONE | typeof LOST;

/** What is left of one field that holds a text. */
export function redactField(
  text: string,
  field: Field,
  operations: Operations,
  keys: RedactionKeys,
  inList: boolean,
): Left {
  const { spans, whole } = findingsInField(text, field);
  const operation = whole === undefined ? undefined : operations.get(whole);
  if (whole !== undefined && operation !== undefined) {
    if (field.kind === "pattern") return LOST;
    if (field.kind === "victim") return redactAddress(text, whole, operation, keys);
    return (
      redactName(text, whole, operation, keys) ?? (inList || field.key === "name" ? removed(whole) : GONE)
    );
  }
  if (!spans.some((span) => operations.has(span.class))) return text;
  // A pattern that looks for something else is another indicator.
  if (field.kind === "pattern" && isStixPattern(field)) return LOST;
  return redactText(text, spans, field, operations, keys);
}

function isStixPattern({ object: { pattern_type: language } }: Field): boolean {
  return language === "stix" || language === undefined;
}

/** Undefined: nothing of it may stay. */
function redactName(
  text: string,
  kind: PiiClass,
  operation: Operation,
  keys: RedactionKeys,
): string | undefined {
  if (operation === "mask") return maskedWords(text);
  return operation === "hmac" ? replaced(kind, pseudonymOf(text, keys)) : undefined;
}

/** The value of an address object: what comes in its place must be an address again. */
function redactAddress(text: string, kind: PiiClass, operation: Operation, keys: RedactionKeys): Left {
  if (kind === "email") {
    if (operation === "mask") return masked(text, kind);
    return operation === "hmac" ? `${pseudonymOf(text, keys)}@redacted.invalid` : LOST;
  }
  const [address = "", bits] = text.split("/");
  if (operation === "mask") return networkOf(address);
  const other = operation === "cryptopan" ? keys.cryptopan(address) : undefined;
  if (other === undefined) return LOST;
  return bits === undefined ? other : `${other}/${bits}`;
}

/** Three octets of four, or three groups of eight. */
function networkOf(address: string): Left {
  if (!address.includes(":")) return address.replace(/\.\d+$/, ".0/24");
  const groups = address.split("::")[0]?.split(":").slice(0, 3) ?? [];
  return `${[...groups, ...new Array<string>(3 - groups.length).fill("0")].map((group) => group || "0").join(":")}::/48`;
}
