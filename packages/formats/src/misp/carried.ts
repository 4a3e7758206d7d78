import { strictestOf } from "../stricter-marking.ts";
import type { Attribute } from "./attribute.ts";
import { mappingOf } from "./attribute-types.ts";
import { markedOf, underAll } from "./refuse.ts";

const URL_PARTS = new Set("scheme resource_path query_string fragment port tld".split(" "));

const isRule = ({ type }: Attribute): boolean => mappingOf(type)?.becomes === "rule";

/** What the attributes of one object repeat of each other. */
export type Repeated = {
  /** The name that its rules have, when there are any to bear it. */
  title: Attribute | undefined;
  urls: readonly Attribute[];
  /** The template of URLs repeats what the URL says: nothing is lost with these. */
  parts: readonly Attribute[];
};

export function repeatedIn(attributes: readonly Attribute[]): Repeated {
  const named = attributes.find(({ relation }) => relation?.endsWith("rule-name") === true);
  return {
    title: attributes.some(isRule) ? named : undefined,
    urls: attributes.filter(({ type }) => type === "url"),
    parts: attributes.filter(({ relation }) => URL_PARTS.has(relation ?? "")),
  };
}

/** Whether the text of an attribute goes out with another of its object. */
export function isCarriedElsewhere(attribute: Attribute, { title, urls }: Repeated): boolean {
  if (attribute === title) return true;
  return URL_PARTS.has(attribute.relation ?? "") && urls.some(({ value }) => value.includes(attribute.value));
}

/** An attribute with what it carries of others, and under their markings too: it gives their text away. */
export function withCarried(attribute: Attribute, { title, parts }: Repeated): Attribute {
  if (isRule(attribute) && title !== undefined) {
    const details = { ...attribute.details, name: title.value };
    return { ...underAll(attribute, markedOf(title)), details };
  }
  if (attribute.type !== "url") return attribute;
  const carried = parts.filter(({ value }) => attribute.value.includes(value));
  return carried.length === 0 ? attribute : underAll(attribute, strictestOf(carried.map(markedOf)));
}
