import { isJsonRecord, textOf } from "../json-value.ts";
import { readLabelLines } from "../marking-label.ts";
import { strictestOf } from "../stricter-marking.ts";
import type { EventReading } from "./event-reading.ts";
import { loseMarked, refuseUnknown } from "./refuse.ts";
import { markedWithin, readTags } from "./tags.ts";
import { isSet } from "./written-text.ts";

/** An event's report, which is prose, as a note under its own tags and the lines in it that are labels. */
export function draftEventReport(input: unknown, at: string, reading: EventReading): void {
  const content = isJsonRecord(input) && !isSet(input.deleted) ? textOf(input.content) : undefined;
  if (content === undefined || !isJsonRecord(input)) {
    loseMarked(at, ["EventReport", "Deleted, or without content"], markedWithin(input), reading);
    return;
  }
  const marked = strictestOf([readTags(input), readLabelLines(content)]);
  if (marked.unknown.length > 0) refuseUnknown(at, [], marked, reading);
  else {
    const note = { content, abstract: textOf(input.name) };
    reading.note(reading.record(at), textOf(input.uuid) ?? at, note, marked.marking);
  }
}
