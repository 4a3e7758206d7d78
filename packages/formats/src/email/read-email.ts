import { inBatches } from "../batch.ts";
import type { Reader } from "../draft.ts";
import { readLabelsIn } from "../labels-within-text.ts";
import { readLabelLines, readLevel } from "../marking-label.ts";
import { wholeOf } from "../markings-within.ts";
import { ReportReading } from "../report-reading.ts";
import { type Marked, strictestOf } from "../stricter-marking.ts";
import { textOf } from "./contents.ts";
import { draftMail } from "./draft-mail.ts";
import { forwardedIn } from "./forwarded.ts";
import { isMail } from "./is-mail.ts";
import { type Mail, readMails } from "./parse-mail.ts";

/**
 * A message of e-mail (RFC 5322, RFC 2045) with what is attached to it and forwarded in it: what was seen, as
 * observables. Nothing of it is an indicator by itself: a forwarded phish names its victims and their bank, too.
 */
export const emailReader: Reader = {
  name: "email",
  mediaTypes: ["message/rfc822", "message/global", "application/mbox"],
  streaming: false,
  detect: (_mediaType, head) => (isMail(head) ? 0.85 : 0),
  async *read(source, { receivedAt }) {
    const mails = await readMails(source);
    const marking = strictestOf(mails.flatMap((mail) => [...markingsIn(mail)]));
    const reading = new ReportReading("email", 0, wholeOf(marking, "line 1"));
    for (const [n, mail] of mails.entries())
      draftMail(mail, mails.length === 1 ? "message" : `message ${n + 1}`, receivedAt, reading);
    yield* inBatches(reading.finished());
  },
};

/** Headers of a level and nothing else, `X-TLP: red`, `X-TLP-Level: RED`; and those that may hold a label. */
const LEVEL_HEADER = /^(?:x-)?(?:[a-z0-9]+-)?(tlp|pap)(?:-(?:level|label|marking|colou?r|classification))?$/;
const LABEL_HEADER = /^(?:keywords|comments|sensitivity|.*(?:tlp|pap|class|marking).*)$/;

/** A label in a subject, in a header or as a line of a body, of any message within or forwarded: the strictest. */
export function* markingsIn(mail: Mail): Generator<Marked> {
  yield readLabelsIn(mail.subject ?? "");
  for (const { key, value } of mail.headers) {
    const kind = LEVEL_HEADER.exec(key)?.[1];
    if (kind === "tlp" || kind === "pap") yield levelOf(value, kind);
    else if (LABEL_HEADER.test(key)) yield readLabelsIn(value);
  }
  const { seen } = textOf(mail);
  yield readLabelLines(seen);
  for (const { mimeType, bytes } of mail.files)
    if (mimeType.startsWith("text/")) yield readLabelLines(Buffer.from(bytes).toString("utf8"));
  for (const { subject = "" } of forwardedIn(seen)) yield readLabelsIn(subject);
  for (const inner of mail.attached) yield* markingsIn(inner);
}

function levelOf(value: string, kind: "tlp" | "pap"): Marked {
  const level = readLevel(value, kind);
  const within = level.unknown.length > 0 ? readLabelsIn(`${kind}:${value}`) : level;
  return within.unknown.length > 0 ? level : within;
}
