import { inBatches } from "../batch.ts";
import type { Reader } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { wholeOf } from "../markings-within.ts";
import { ReportReading } from "../report-reading.ts";
import { childOf, type Element, lineOf, plainText } from "../xml/element.ts";
import { isXml } from "../xml/is-xml.ts";
import { readElements } from "../xml/read-elements.ts";
import { readIncident } from "./incident.ts";
import { restrictionsIn } from "./restriction.ts";

const INCIDENTS: ReadonlySet<string> = new Set(["Incident"]);

/** The Incident Object Description Exchange Format, version 1 (RFC 5070) and 2 (RFC 7970): an incident at a time. */
export const iodefReader: Reader = {
  name: "iodef",
  mediaTypes: ["application/iodef+xml"],
  streaming: false,
  detect(_mediaType, head) {
    if (!isXml(head)) return 0;
    return /<(?:[\w.-]+:)?IODEF-Document[\s>/]/i.test(head) ||
      /urn:ietf:params:xml:ns:iodef-[12]\.0/.test(head)
      ? 0.97
      : 0;
  },
  async *read(source) {
    let next = 0;
    for await (const incident of readElements(source, INCIDENTS)) {
      const marking = wholeOf(restrictionsIn(incident), lineOf(incident));
      const reading = new ReportReading(`iodef/${nameOf(incident)}`, next, marking);
      readIncident(incident, reading);
      yield* inBatches(reading.finished());
      next = reading.next;
    }
    if (next === 0) throw new FormatError("not-a-bundle", "No incident of IODEF in it", "line 1");
  },
};

/** A number is told from that of others by who gave it (RFC 5070 §3.3). */
function nameOf(incident: Element): string {
  const id = childOf(incident, "IncidentID");
  const number = id === undefined ? undefined : plainText(id);
  return number === undefined ? lineOf(incident) : JSON.stringify([id?.attributes.name ?? "", number]);
}
