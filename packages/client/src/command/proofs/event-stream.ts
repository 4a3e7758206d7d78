/** A field of an event stream, or a comment (WHATWG HTML §9.2.5), as a stream that was saved begins. */
const BEGINNING = /^\s*(?:(?:id|event|data|retry)(?::|\s*$)|:)/;

export function isEventStream(text: string): boolean {
  const [first = ""] = text.trimStart().split(/\r\n|\n|\r/, 1);
  return BEGINNING.test(first);
}

/** The data of each event of a saved stream, and its line (WHATWG HTML §9.2.6); what was cut off at the end is no event. */
export function eventsIn(text: string): { line: number; data: string }[] {
  const events: { line: number; data: string }[] = [];
  let data: string[] = [];
  let begun = 0;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line === "") {
      if (data.length > 0) events.push({ line: begun, data: data.join("\n") });
      data = [];
    } else if (line.startsWith("data:") || line === "data") {
      if (data.length === 0) begun = index + 1;
      data.push(line.slice(5).replace(/^ /, ""));
    }
  }
  return events;
}
