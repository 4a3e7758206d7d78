import type { ObservableKind } from "@suar/stix";
import { blocklist } from "./blocklist.ts";
import { markingLines } from "./marking-lines.ts";
import type { Writer } from "./writer.ts";

/** Values of one kind, one a line, under comments that begin with `#`. */
export function writeList(...kinds: readonly ObservableKind[]): Writer {
  return blocklist({
    mediaType: "text/plain; charset=utf-8",
    extension: ".txt",
    losses: [`values of other kinds than ${kinds.join(" and ")}`],
    header: (facts) => markingLines(facts, "#"),
    lines: ({ kind, value }) => (kinds.includes(kind) ? `${value}\n` : undefined),
  });
}
