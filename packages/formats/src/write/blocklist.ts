import { type ObservableValue, valuesAlone } from "@suar/stix";
import { builtInListOf } from "../warning/built-in-lists.ts";
import { SeenLately } from "./seen-lately.ts";
import { papOf, validityOf } from "./validity.ts";
import type { ExportFacts, ExportItem, WarnedOf, Writer, Written } from "./writer.ts";
import { NOTHING } from "./writer.ts";

/** A format for devices, by what it makes of one value. */
export type BlocklistFormat = Pick<Writer, "mediaType" | "extension" | "losses"> & {
  header(facts: ExportFacts): string;
  footer?(facts: ExportFacts): string;
  /**
   * The lines of a value, with their ends; undefined where the format has none for its kind (which is no loss), null where
   * it cannot hold this one.
   */
  lines(value: ObservableValue, statement: Statement): string | undefined | null;
};

/** Whose value it is, and the how manieth of its values; `exercise` as in the export's facts. */
export type Statement = { item: ExportItem; place: number; exercise: string | undefined };

const LOSSES = [
  "what is on warning lists: what many share or each network has its own of (public suffixes, reserved names, special-purpose addresses, public resolvers, wide networks), and what the lists hold that were loaded",
  "everything but indicators whose STIX pattern is one value or several joined by OR",
  "names, descriptions, relationships, confidence and times of an indicator",
];

/** No line of a format that is read by the line may hold what ends one, nor what a terminal obeys. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u;

/**
 * A blocklist: what indicators say is malicious, for machines to act upon. An object that merely was seen is in none. PAP
 * AMBER and RED forbid acting, whether a label or the release said so; what is over, or has not begun, is not acted upon.
 */
export function blocklist(format: BlocklistFormat): Writer {
  const { mediaType, extension, losses, header, footer = () => "" } = format;
  return {
    mediaType,
    extension,
    isBlocklist: true,
    losses: [...LOSSES, ...losses],
    open: ({ now, exercise, warnedOf = () => undefined }) => {
      const seen = new SeenLately();
      const opened = {
        now,
        exercise,
        seen,
        warnedOf: (value: ObservableValue) => builtInListOf(value)?.name ?? warnedOf(value),
      };
      return {
        header,
        footer,
        write: (item) => (mayBeBlocked(item, now) ? linesOf(format, item, opened) : NOTHING),
      };
    },
  };
}

/** Types of STIX's open vocabulary (§10.12) that say of an indicator that what it names is not to be acted upon, in any letters. */
const HARMLESS: ReadonlySet<string> = new Set(["benign"]);

/** Whether an indicator may be acted upon at this instant, whatever its values are. */
export function mayBeBlocked({ object, pap: released }: ExportItem, now: number): boolean {
  if (object.type !== "indicator" || validityOf(object, now) !== "current") return false;
  const pap = papOf(object.labels, released);
  if (pap === "red" || pap === "amber") return false;
  const { indicator_types: types } = object;
  return !(Array.isArray(types) && types.some((type) => HARMLESS.has(String(type).trim().toLowerCase())));
}

type Opened = {
  now: number;
  exercise: string | undefined;
  seen: SeenLately;
  warnedOf: WarnedOf;
};

function linesOf(
  format: BlocklistFormat,
  item: ExportItem,
  { now, exercise, seen, warnedOf }: Opened,
): Written {
  const { pattern, pattern_type: language } = item.object;
  const found = language === "stix" && typeof pattern === "string" ? valuesAlone(pattern) : undefined;
  if (found === undefined || !found.isPlain) return { ...NOTHING, leftOut: 1 };
  let [text, leftOut] = ["", 0];
  const keptOut: string[] = [];
  for (const [place, value] of found.values.entries()) {
    if (item.isOver?.(value.kind, now) === true) continue;
    const isText = !UNPRINTABLE.test(value.value);
    const lines = isText ? format.lines(value, { item, place, exercise }) : null;
    if (lines === null) leftOut += 1;
    else if (lines === undefined) continue;
    else {
      const list = warnedOf(value);
      if (list !== undefined) keptOut.push(list);
      else if (seen.isNew(`${value.kind}:${value.value}`)) text += lines;
    }
  }
  return { text, leftOut, keptOut };
}
