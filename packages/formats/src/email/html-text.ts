import { Parser } from "htmlparser2";

/** `more`: so many links beyond those that are listed; `isCut`: there is more text. */
export type HtmlText = { text: string; links: string[]; more: number; isCut: boolean };

/** What leads or loads somewhere. A Map: names of elements are the sender's. */
const LINKS: ReadonlyMap<string, readonly string[]> = new Map([
  ["a", ["href"]],
  ["area", ["href"]],
  ["form", ["action"]],
  ["button", ["formaction"]],
  ["input", ["src", "formaction"]],
  ["iframe", ["src"]],
  ["frame", ["src"]],
  ["embed", ["src"]],
  ["object", ["data"]],
  ["img", ["src"]],
  ["audio", ["src"]],
  ["video", ["src", "poster"]],
  ["source", ["src"]],
  ["script", ["src"]],
  ["link", ["href"]],
  ["body", ["background"]],
  ["table", ["background"]],
  ["tr", ["background"]],
  ["td", ["background"]],
  ["th", ["background"]],
]);
const SILENT: ReadonlySet<string> = new Set(["script", "style", "title", "template"]);
const BLOCKS: ReadonlySet<string> = new Set([
  "p",
  "div",
  "br",
  "tr",
  "li",
  "table",
  "h1",
  "h2",
  "h3",
  "h4",
  "blockquote",
]);
const MOST_LINKS = 5_000;
const LONGEST_TEXT = 1_000_000;

/** The text that a reader of an HTML page sees, and every address that it leads to or loads from. */
export function readHtml(html: string): HtmlText {
  const links = new Set<string>();
  const parts: string[] = [];
  let silent = 0;
  let length = 0;
  let more = 0;
  let base: string | undefined;
  const say = (text: string): void => {
    if (silent > 0 || length > LONGEST_TEXT) return;
    length += text.length;
    parts.push(text);
  };
  const lead = (written: string | undefined): void => {
    const link = written?.trim() ?? "";
    if (link === "") return;
    if (links.size < MOST_LINKS) links.add(link);
    else more += links.has(link) ? 0 : 1;
  };
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (SILENT.has(name)) silent += 1;
        if (BLOCKS.has(name)) say("\n");
        // The first holds for the whole page (HTML §4.2.3), also for what stands before it.
        if (name === "base") base ??= attributes.href?.trim();
        for (const attribute of LINKS.get(name) ?? []) lead(attributes[attribute]);
        // A page that goes elsewhere by itself.
        if (name === "meta") lead(/url=\s{0,9}['"]?([^'"\s]+)/i.exec(attributes.content ?? "")?.[1]);
      },
      ontext: (text) => say(text.replace(/\s+/g, " ")),
      onclosetag(name) {
        if (SILENT.has(name)) silent = Math.max(0, silent - 1);
        if (BLOCKS.has(name) && name !== "br") say("\n");
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.end(html);
  const text = parts
    .join("")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n");
  return {
    text: text.slice(0, LONGEST_TEXT).trim(),
    links: [...new Set([...(base ? [base] : []), ...[...links].map((link) => absolute(link, base))])],
    more,
    isCut: length > LONGEST_TEXT,
  };
}

function absolute(link: string, base: string | undefined): string {
  if (link.startsWith("//") && base === undefined) return `http:${link}`;
  const isRelative = !/^[a-z][a-z0-9+.-]{0,30}:/i.test(link) && !link.startsWith("#");
  return isRelative && base !== undefined && URL.canParse(link, base) ? new URL(link, base).href : link;
}
