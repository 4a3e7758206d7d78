import { readLabelLines } from "../marking-label.ts";
import { type Marked, strictestOf } from "../stricter-marking.ts";
import { type Element, within } from "../xml/element.ts";

/**
 * What a `restriction` allows (RFC 5070 §3.2, RFC 7970 §3.3.1), never wider than it says: TLP by its colours, the
 * words by what they mean. `default` is an agreement that nobody but its parties knows, and says no level.
 */
const LEVELS = {
  public: "clear",
  white: "clear",
  clear: "clear",
  community: "green",
  green: "green",
  partner: "amber",
  amber: "amber",
  "amber+strict": "amber+strict",
  "need-to-know": "amber+strict",
  private: "red",
  red: "red",
} as const;

/** The strictest of all restrictions within an element, and of the lines of its texts that are labels. */
export function restrictionsIn(element: Element): Marked {
  const found: Marked[] = [];
  for (const { attributes, text } of within(element)) {
    found.push(readLabelLines(text));
    const written = attributes.restriction?.trim().toLowerCase();
    if (written === undefined || written === "" || written === "default") continue;
    found.push(
      levelOf(written === "ext-value" ? (attributes["ext-restriction"]?.toLowerCase() ?? written) : written),
    );
  }
  return strictestOf(found);
}

function levelOf(written: string): Marked {
  if (!Object.hasOwn(LEVELS, written)) return { marking: undefined, unknown: [written.slice(0, 80)] };
  return { marking: { tlp: LEVELS[written as keyof typeof LEVELS] }, unknown: [] };
}
