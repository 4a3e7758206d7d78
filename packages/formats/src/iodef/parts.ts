import { ownValue } from "../own-value.ts";
import { quoted } from "../pattern-expression.ts";
import type { Place, ReportReading } from "../report-reading.ts";
import { childrenOf, type Element, plainText, within } from "../xml/element.ts";
import { digestOf } from "./digests.ts";
import { lose } from "./lose.ts";
import type { Group, Part } from "./values.ts";

type Read = (text: string) => Part | undefined;

const text =
  (path: string): Read =>
  (raw) => ({ text: `${path} = ${quoted(raw)}` });

/** What the elements of a file, a message or a key say of it (RFC 7970 §3.25.1, §3.17, §3.23.1). */
const PARTS: Readonly<Record<string, Read>> = {
  FileName: (raw) => ({ value: { kind: "filename", raw } }),
  FileSize: (raw) => (/^\d{1,15}$/.test(raw) ? { text: `file:size = ${Number(raw)}` } : undefined),
  FileType: (raw) => (/^[\w.+-]+\/[\w.+-]+$/.test(raw) ? text("file:mime_type")(raw) : undefined),
  URL: (raw) => ({ value: { kind: "url", raw } }),
  EmailFrom: (raw) => ({ value: { kind: "email", raw }, beside: "email-message:from_ref.value" }),
  EmailTo: (raw) => ({ value: { kind: "email", raw }, beside: "email-message:to_refs[*].value" }),
  EmailSubject: text("email-message:subject"),
  "EmailX-Mailer": text("email-message:additional_header_fields.'X-Mailer'"),
  EmailBody: text("email-message:body"),
  KeyName: (raw) => ({ value: { kind: "regkey", raw } }),
  KeyValue: text("windows-registry-key:values[*].data"),
  Value: text("windows-registry-key:values[*].data"),
};

/** What only says more of it: without these the pattern looks for nothing else. */
const ASIDE: ReadonlySet<string> = new Set(
  "HashTargetID Application AssociatedSoftware SoftwareReference Description FileProperties Signature CanonicalizationMethod".split(
    " ",
  ),
);

/** The files, keys or messages of an observable, each with all that is said of it. */
export function groupsIn(element: Element, place: Place, reading: ReportReading): Group[] {
  const each = ["File", "Key", "Certificate"].flatMap((name) => childrenOf(element, name));
  const things = each.length === 0 ? [element] : each;
  for (const child of each.length === 0 ? [] : element.children)
    if (!each.includes(child)) lose(reading, place, child, child.name, "No place for it");
  return things
    .map((thing) => readThing(thing, place, reading))
    .filter(({ parts, unsaid }) => parts.length + unsaid.length > 0);
}

function readThing(thing: Element, place: Place, reading: ReportReading): Group {
  const parts: Part[] = [];
  const unsaid: string[] = [];
  const [digests, others]: [Part[], Element[]] = [[], []];
  let algorithm = "";
  for (const one of within(thing)) {
    if (one.name === "DigestMethod") algorithm = one.attributes.Algorithm ?? "";
    const raw = plainText(one);
    if (raw === undefined) continue;
    if (one.name === "DigestValue") {
      const digest = thing.name === "EmailData" ? undefined : digestOf(algorithm, raw);
      if (digest === undefined) others.push(one);
      else digests.push(digest);
      continue;
    }
    const part = ownValue(PARTS, one.name)?.(raw);
    if (part !== undefined) parts.push(part);
    else if (!ASIDE.has(one.name)) unsaid.push(one.name);
    if (part === undefined) lose(reading, place, one, one.name, `No place for it: ${raw.slice(0, 80)}`);
  }
  // Of several digests of one thing any says which it is.
  for (const one of others) {
    lose(reading, place, one, one.name, `No place for it: ${(plainText(one) ?? "").slice(0, 80)}`);
    if (digests.length === 0) unsaid.push(one.name);
  }
  return { parts: [...parts, ...digests], unsaid };
}
