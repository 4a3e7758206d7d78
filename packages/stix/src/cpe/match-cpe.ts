/** Any value, none at all, or a text that up to so many characters may stand before and behind of. */
type CpeAttribute = "any" | "na" | { text: string; before: number; after: number };

/** The eleven attributes of a CPE name, in the order of its formatted string (NIST IR 7695 §6.2). */
export type CpeName = readonly CpeAttribute[];

const LONGEST = 2_000;
const VENDOR = 1;
const PRODUCT = 2;

/** Reads a CPE 2.3 formatted string; undefined for what is none, or has wildcards within a value (§5.3.2). */
export function readCpe(text: string): CpeName | undefined {
  if (text.length > LONGEST || !/^cpe:2\.3:/i.test(text)) return undefined;
  const parts = text.slice("cpe:2.3:".length).match(/(?:\\.|[^\\:\s])+/g) ?? [];
  const name = parts.map((part) => readAttribute(part.toLowerCase()));
  if (name.length !== 11 || `cpe:2.3:${parts.join(":")}` !== text) return undefined;
  return name.every((attribute) => attribute !== undefined) ? name : undefined;
}

/** The one spelling of a name: lower case, and nothing escaped that need not be. */
export function formatCpe(name: CpeName): string {
  return `cpe:2.3:${name.map(formatAttribute).join(":")}`;
}

/** Whether it names a vendor or a product: what leaves both open names nothing. */
export function namesProduct(name: CpeName): boolean {
  return typeof name[PRODUCT] === "object" || typeof name[VENDOR] === "object";
}

/** The product, where it is one text and no pattern. */
export function plainProduct(name: CpeName): string | undefined {
  return plainText(name[PRODUCT]);
}

/** The vendor, where it is one text and no pattern. */
export function plainVendor(name: CpeName): string | undefined {
  return plainText(name[VENDOR]);
}

function plainText(attribute: CpeAttribute | undefined): string | undefined {
  const isPlain = typeof attribute === "object" && attribute.before === 0 && attribute.after === 0;
  return isPlain ? attribute.text : undefined;
}

/**
 * Whether two names may be of the same product: no attribute of theirs is disjoint (NIST IR 7696 §6.1, table 6-2). One
 * that is left open is any: whoever runs one version is told of what all versions have, and the other way round.
 */
export function cpesMeet(one: CpeName, other: CpeName): boolean {
  return one.every((attribute, place) => attributesMeet(attribute, other[place] ?? "any"));
}

function attributesMeet(one: CpeAttribute, other: CpeAttribute): boolean {
  if (one === "any" || other === "any") return true;
  if (one === "na" || other === "na") return one === other;
  return covers(one, other) || covers(other, one);
}

type Text = Exclude<CpeAttribute, string>;

/** §6.3: `*` stands for any characters, each `?` for one or none, at the ends alone. */
function covers(pattern: Text, { text }: Text): boolean {
  for (let at = text.indexOf(pattern.text); at !== -1; at = text.indexOf(pattern.text, at + 1)) {
    if (at > pattern.before) return false;
    if (text.length - at - pattern.text.length <= pattern.after) return true;
  }
  return false;
}

function readAttribute(part: string): CpeAttribute | undefined {
  if (part === "*") return "any";
  if (part === "-") return "na";
  const characters = part.match(/\\.|[^\\]/g) ?? [];
  const first = characters.findIndex((one) => !isWildcard(one));
  const last = characters.findLastIndex((one) => !isWildcard(one));
  if (first === -1) return undefined;
  const inner = characters.slice(first, last + 1);
  if (inner.some(isWildcard)) return undefined;
  const text = inner.map((one) => one.at(-1)).join("");
  return {
    text,
    before: reachOf(characters.slice(0, first)),
    after: reachOf(characters.slice(last + 1)),
  };
}

function isWildcard(character: string): boolean {
  return character === "*" || character === "?";
}

function reachOf(wildcards: readonly string[]): number {
  return wildcards.includes("*") ? Number.POSITIVE_INFINITY : wildcards.length;
}

function formatAttribute(attribute: CpeAttribute): string {
  if (attribute === "any") return "*";
  if (attribute === "na") return "-";
  const { text, before, after } = attribute;
  const escaped = text === "-" ? "\\-" : text.replace(/[^\p{L}\p{N}_.-]/gu, "\\$&");
  return `${wildcards(before)}${escaped}${wildcards(after)}`;
}

function wildcards(reach: number): string {
  return reach === Number.POSITIVE_INFINITY ? "*" : "?".repeat(reach);
}
