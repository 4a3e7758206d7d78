import { inBatches } from "../batch.ts";
import { decodeText } from "../decode-text.ts";
import type { ReadContext, Reader, ReaderEvent } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { type IncidentValue, incidentDrafts } from "../incident/incident-drafts.ts";
import { readLabelLine, wholeMarking } from "../marking-label.ts";
import { Strictest } from "../stricter-marking.ts";
import { type FoundValue, findValues } from "./find-values.ts";
import { readLabelledLines } from "./labelled-lines.ts";
import { linesOf } from "./lines.ts";

/** Beyond so many, a value that returns is given again; release merges it. */
const MOST_REMEMBERED = 200_000;
const LONGEST_NARRATIVE = 200_000;
const LONGEST_TITLE = 300;
/** The title stands near the beginning. */
const LOOKED_AT = 4_096;
const MOST_OF_AN_INCIDENT = 10_000;

/** Free text: whatever is to be looked for is found in it. With `kind=incident` the text is the report. */
export const textReader: Reader = {
  name: "text",
  mediaTypes: ["text/plain", "text/markdown"],
  streaming: true,
  flat: true,
  detect(_mediaType, head) {
    if (/^[\s\u00ef\u00bb\u00bf]*(?:\{\s*(?:["}]|$)|\[\s*(?:[[{"\]\d]|$))/.test(head)) return 0;
    if (/^[\s\u00ef\u00bb\u00bf]*<(?:\?xml|!doctype)/i.test(head)) return 0;
    return head.includes("\0") ? 0 : 0.2;
  },
  async *read(source, context) {
    if (context.kind === "incident") yield* readIncidentText(source);
    else yield* readValues(source, context);
  },
};

async function* readValues(
  source: AsyncIterable<Uint8Array>,
  { isBeginning }: ReadContext,
): AsyncGenerator<ReaderEvent[]> {
  const seen = new Set<string>();
  let isBlank = true;
  const said = new Strictest();
  let index = 0;
  for await (const lines of linesOf(decodeText(source))) {
    const events: ReaderEvent[] = [];
    for (const line of lines) {
      isBlank &&= line.text.trim() === "";
      const marking = wholeMarking(line.text, `line ${line.number}`);
      if (marking !== undefined && said.isNews(marking)) events.push({ marking });
      for (const value of newIn(line.text, seen)) {
        const { kind, raw } = value;
        const at = `line ${line.number}`;
        events.push({
          draft: { kind: "value", index: index++, at, value: { kind, raw }, as: "indicator", details: {} },
        });
      }
    }
    yield* inBatches(events);
  }
  if (isBlank && isBeginning !== true) throw new FormatError("empty", "There is nothing in it", "line 1");
}

function* newIn(text: string, seen: Set<string>): Generator<FoundValue> {
  for (const value of findValues(text)) {
    const key = `${value.kind}:${value.canonical}`;
    if (seen.has(key)) continue;
    if (seen.size < MOST_REMEMBERED) seen.add(key);
    yield value;
  }
}

async function* readIncidentText(source: AsyncIterable<Uint8Array>): AsyncGenerator<ReaderEvent[]> {
  const seen = new Set<string>();
  const said = new Strictest();
  const markings: ReaderEvent[] = [];
  const values: IncidentValue[] = [];
  let narrative = "";
  let inAll = 0;
  for await (const lines of linesOf(
    tee(decodeText(source), (chunk) => {
      inAll += chunk.length;
      narrative += chunk.slice(0, LONGEST_NARRATIVE - narrative.length);
    }),
  )) {
    for (const line of lines) {
      const marking = wholeMarking(line.text, `line ${line.number}`);
      if (marking !== undefined && said.isNews(marking)) markings.push({ marking });
      // The lines behind the last value that is taken may still be markings.
      if (values.length >= MOST_OF_AN_INCIDENT) continue;
      for (const { kind, raw } of newIn(line.text, seen))
        values.push({ kind, raw, at: `line ${line.number}` });
    }
  }
  narrative = narrative.trim();
  if (narrative === "") throw new FormatError("empty", "There is nothing in it", "line 1");
  if (markings.length > 0) yield markings;
  const { labelled, losses: unread } = readLabelledLines(narrative);
  yield* inBatches(incidentDrafts({ title: titleOf(narrative), narrative, ...labelled }, values));
  const losses: ReaderEvent[] = unread.map((loss) => ({ loss }));
  if (inAll > LONGEST_NARRATIVE)
    losses.push(lossOf("narrative", `Cut after ${LONGEST_NARRATIVE} characters`));
  if (values.length >= MOST_OF_AN_INCIDENT)
    losses.push(lossOf("indicators", `Only the first ${MOST_OF_AN_INCIDENT} values were taken`));
  if (losses.length > 0) yield losses;
}

async function* tee(chunks: AsyncIterable<string>, look: (chunk: string) => void): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    look(chunk);
    yield chunk;
  }
}

/** The first line that is no marking, without the marks of a heading. */
function titleOf(narrative: string): string {
  const lines = narrative.slice(0, LOOKED_AT).split(/\r?\n/);
  const first =
    lines.find((line) => line.trim() !== "" && readLabelLine(line) === undefined) ?? lines[0] ?? "";
  const title = first.replace(/^[#*=\s]+/, "").replace(/[*#=\s]+$/, "");
  return (title === "" ? first : title).slice(0, LONGEST_TITLE);
}

function lossOf(field: string, reason: string): ReaderEvent {
  return { loss: { index: 0, at: "/", field, reason } };
}
