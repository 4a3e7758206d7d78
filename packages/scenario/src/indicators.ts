import { isIPv4, isIPv6 } from "node:net";
import type { Problem } from "./problem.ts";
import type { Scenario } from "./schema.ts";

/** RFC 5737. */
const DOCUMENTATION_V4 = ["192.0.2.", "198.51.100.", "203.0.113."];
/** RFC 3849, and the larger block of RFC 9637. */
const DOCUMENTATION_V6 = /^(2001:0?db8:|3fff:0{0,3}[0-9a-f]{0,3}:)/i;
/** RFC 2606 and RFC 6761. */
const RESERVED_NAME = /(^|\.)(example|test|invalid|localhost|example\.(com|net|org))$/i;

/** Last labels that mostly are a file's, though some are domains too: only a URL or an address tells. */
const FILE_ENDING =
  /\.(apk|bat|bin|csv|dll|docx?|elf|eml|exe|gif|html?|img|iso|jar|jpe?g|js|json|lnk|log|md|msi|pdf|php|png|pptx?|ps1|py|rar|rtf|sh|so|sys|tmp|txt|vbs|xlsx?|xml|ya?ml|zip)$/i;

const V4 = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;
const V6 = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi;
/** Letters of scripts that put spaces between words: in the others a name has no end that could be found. */
const LETTER =
  "[[\\p{L}\\p{N}]--[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}]]";
const NAME = new RegExp(
  `(?<![${LETTER}_.\\-])(?:${LETTER}[${LETTER}\\-]{0,62}\\.)+(?:xn--[a-z0-9\\-]+|[${LETTER}--\\p{N}]{2,63})(?![${LETTER}_\\-])`,
  "giv",
);

/**
 * A drill must not accuse anybody: values that look like real infrastructure are pointed out, with a warning,
 * since a name in a sentence cannot be told from a sentence without a space. Hashes name nobody.
 */
export function checkIndicators(scenario: Scenario): Problem[] {
  return scenario.injects.flatMap(({ body, submit }, i) =>
    [
      ...stringsIn(body, ["injects", i, "body"]),
      ...stringsIn(submit?.content, ["injects", i, "submit", "content"]),
    ]
      .flatMap(({ text, path }) => realLooking(text).map((value) => ({ value, path })))
      .map(({ value, path }) => ({
        code: "looks-real",
        severity: "warning" as const,
        message: `${value} is not a documentation address or a reserved name`,
        path,
      })),
  );
}

function realLooking(written: string): string[] {
  const text = refang(written);
  const found = [
    ...matches(text, V4).filter(
      (value) => isIPv4(value) && !DOCUMENTATION_V4.some((net) => value.startsWith(net)),
    ),
    ...matches(text, V6).filter((value) => isIPv6(value) && !DOCUMENTATION_V6.test(value)),
    ...[...text.matchAll(NAME)]
      .filter((match) => !FILE_ENDING.test(match[0]) || isHost(text, match.index))
      .map(([name]) => name)
      .filter((name) => !RESERVED_NAME.test(name)),
  ];
  return [...new Set(found)];
}

/** Analysts write `hxxp://evil[.]com`; the drill would be replayed with what intake reads in it. */
function refang(text: string): string {
  return text.replace(/\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)/gi, ".").replace(/\[:\]/g, ":");
}

function isHost(text: string, start: number): boolean {
  return text.startsWith("//", start - 2) || text.startsWith("@", start - 1);
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([match]) => match);
}

type Found = { text: string; path: readonly (string | number)[] };

/** Every string of a value; keys are the format's words, not the author's. The parser bounds the depth. */
function stringsIn(value: unknown, path: readonly (string | number)[]): Found[] {
  if (typeof value === "string") return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((each, index) => stringsIn(each, [...path, index]));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => stringsIn(each, [...path, key]));
}
