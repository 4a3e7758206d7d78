import { inBatches } from "../batch.ts";
import type { Reader, ReaderEvent } from "../draft.ts";
import { FormatError } from "../format-error.ts";
import { readLabelLines } from "../marking-label.ts";
import { readDocument } from "../read-document.ts";
import { Strictest } from "../stricter-marking.ts";
import { kindAmong, kindShown, kindsNamed } from "../value-kind.ts";
import { type IncidentValue, incidentDrafts } from "./incident-drafts.ts";
import { IncidentReport } from "./incident-report.ts";

/** Suar's own incident report (incident-report.ts). */
export const incidentReader: Reader = {
  name: "incident",
  mediaTypes: ["application/vnd.suar.incident+json"],
  streaming: false,
  detect(_mediaType, head) {
    if (!/^[\s\u00ef\u00bb\u00bf]*\{/.test(head)) return 0;
    return /"narrative"\s*:/.test(head) && /"title"\s*:/.test(head) ? 0.8 : 0;
  },
  async *read(source) {
    const report = parseReport(await readDocument(source));
    yield* inBatches(markingsIn(report));
    yield* inBatches(incidentDrafts(report, reportedValues(report)));
  },
};

function parseReport(document: unknown): IncidentReport {
  const parsed = IncidentReport.safeParse(document);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 5).map(({ path, message }) => `${pointer(path)}: ${message}`);
  throw new FormatError("bad-report", issues.join("; "), pointer(parsed.error.issues[0]?.path ?? []));
}

function pointer(path: readonly PropertyKey[]): string {
  return `/${path.map(String).join("/")}`;
}

/** Lines of its texts that are nothing but a label: what was pasted into it may say more than its field `tlp`. */
function* markingsIn(report: IncidentReport): Generator<ReaderEvent> {
  const said = new Strictest();
  for (const [at, text] of textsOf(report)) {
    const { marking, unknown } = readLabelLines(text);
    if (unknown.length > 0)
      throw new FormatError("unknown-marking", `No TLP or PAP level that is known: ${unknown[0]}`, at);
    if (marking !== undefined && said.isNews(marking)) yield { marking: { ...marking, at } };
  }
}

function* textsOf(report: IncidentReport): Generator<[at: string, text: string]> {
  const { title, narrative, helpWanted = [], indicators = [] } = report;
  yield ["/title", title];
  yield ["/narrative", narrative];
  if (typeof helpWanted === "string") yield ["/helpWanted", helpWanted];
  else
    for (const [position, { action, note = "" }] of helpWanted.entries())
      yield [`/helpWanted/${position}`, `${action}\n${note}`];
  for (const [position, one] of indicators.entries()) {
    const text = typeof one === "string" ? one : `${one.value}\n${one.note ?? ""}`;
    yield [`/indicators/${position}`, text];
  }
}

function* reportedValues({ indicators = [] }: IncidentReport): Generator<IncidentValue> {
  for (const [position, one] of indicators.entries()) {
    const at = `/indicators/${position}`;
    if (typeof one === "string") yield { kind: kindShown(one), raw: one, at };
    else {
      const named = one.kind === undefined ? undefined : kindsNamed(one.kind);
      const kind = named === undefined ? kindShown(one.value) : kindAmong(one.value, named);
      yield { kind, raw: one.value, at, ...(one.note !== undefined && { note: one.note }) };
    }
  }
}
