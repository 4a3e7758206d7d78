import type { Operation } from "../../pairs/operation.ts";
import type { PiiClass } from "../../personal-data.ts";
import type { Span } from "../detect/span.ts";
import { type Field, findingsInField } from "../field-spans.ts";
import { namesAddresses } from "../victims/victim-addresses.ts";
import { inValue, removed, replaced } from "./marker.ts";
import type { RedactionKeys } from "./operation.ts";
import { canonical, pseudonymOf } from "./pseudonym.ts";
import { isSettled } from "./settled.ts";

/** What is to be done with each class of personal data at one place. */
export type Operations = ReadonlyMap<PiiClass, Operation>;

/** What is taken out may bring together what reads as a number then: so often it is looked at again. */
const ROUNDS = 4;

/**
 * A text without what is to be redacted of what was found in it. What comes to light only when something else is gone goes
 * too, and what then is still found goes altogether; what nobody asked to take out stays.
 */
export function redactText(
  text: string,
  found: readonly Span[],
  field: Field,
  operations: Operations,
  keys: RedactionKeys,
): string {
  const stays = found.filter(({ class: kind }) => !operations.has(kind));
  const isToGo = (span: Span): boolean => !stays.some(({ class: kind }) => kind === span.class);
  let left = text;
  let spans = stays.length === 0 ? found : found.filter(isToGo);
  let [first] = spans;
  for (let round = 0; round < ROUNDS && first !== undefined; round += 1) {
    left = rewritten(left, spans, (span) => {
      const operation = round === 0 ? (operations.get(span.class) ?? "drop") : "drop";
      return replacement(left.slice(span.start, span.end), span.class, operation, keys, field);
    });
    spans = isKnown(left, first.start, field) ? [] : findingsInField(left, field).spans.filter(isToGo);
    [first] = spans;
  }
  return first === undefined ? left : marked(removed(first.class), field);
}

/** Most texts hold one finding and no other sign of any: the rest was looked at when it was found. */
function isKnown(left: string, from: number, { kind, context: { victims } }: Field): boolean {
  return kind === "prose" && !namesAddresses(victims) && isSettled(left, from);
}

function rewritten(text: string, spans: readonly Span[], by: (span: Span) => string): string {
  let done = 0;
  let result = "";
  for (const span of spans) {
    result += text.slice(done, span.start) + by(span);
    done = span.end;
  }
  return result + text.slice(done);
}

function replacement(
  found: string,
  kind: PiiClass,
  operation: Operation,
  keys: RedactionKeys,
  field: Field,
): string {
  switch (operation) {
    case "mask":
      return masked(found, kind);
    case "hmac":
      return marked(replaced(kind, pseudonymOf(found, keys)), field);
    case "cryptopan": {
      const other = kind === "victimIp" ? keys.cryptopan(plainAddress(found)) : undefined;
      return other === undefined
        ? marked(removed(kind), field)
        : `ip-${other.replaceAll(/[.:]/g, "-")}.invalid`;
    }
    default:
      return marked(removed(kind), field);
  }
}

function plainAddress(found: string): string {
  return canonical(found).replaceAll(/[[\](){}]/g, "");
}

/** Keeps the shape: `a***@example.com`, `S*******D` as stars, `203.0.113.*`. */
export function masked(found: string, kind: PiiClass): string {
  if (kind === "email") {
    const at = found.lastIndexOf("@");
    if (at > 0) return `${found.slice(0, 1).replace(/[^a-z]/i, "*")}***${found.slice(at)}`;
  }
  if (kind === "victimIp") return found.replace(/[^.:]*$/, "*");
  return found.replaceAll(/[\p{L}\p{M}\p{N}]/gu, "*");
}

function marked(marker: string, { kind }: Field): string {
  return kind === "value" ? inValue(marker) : marker;
}
