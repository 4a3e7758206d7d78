import type { Attribute } from "./attribute.ts";
import type { EventReading } from "./event-reading.ts";

/** `first|second`, at the first bar. */
export function splitOnce(value: string): [string, string] {
  const bar = value.indexOf("|");
  return bar < 0 ? [value.trim(), ""] : [value.slice(0, bar).trim(), value.slice(bar + 1).trim()];
}

/** What tells an attribute from the others of its event, the same in every export. */
export function attributeName({ uuid, type, value }: Attribute): string {
  return uuid ?? `${type}/${value}`;
}

/** An observable has no description and no labels: what an attribute says about it is lost. */
export function loseDescription(
  { at, details }: Pick<Attribute, "at" | "details">,
  reading: EventReading,
): void {
  if (details.description !== undefined)
    reading.lose(`${at}/comment`, "comment", "An observable has no place for it");
  if (details.labels !== undefined) reading.lose(`${at}/Tag`, "Tag", "An observable has no place for labels");
}
