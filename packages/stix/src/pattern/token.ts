/** One token of a pattern. `value` is the constant with its escapes undone; `offset` counts UTF-16 units. */
export type Token = {
  kind: "word" | "keyword" | "operator" | "mark" | "string" | "hex" | "binary" | "timestamp" | "integer" | "float" | "end";
  text: string;
  value: string;
  offset: number;
};

/** A fault in a pattern, and the offset at which it shows. */
export class PatternFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const SPACE = /[\s\u0085]+/y;
const NUMBER = /-?(?:\d*\.\d+|\d+)/y;
const WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
const OPERATOR = /!=|<=|>=|=|<|>/y;
const QUOTED = /([hbt]?)'((?:[^'\\]|\\['\\])*)'/y;
const MARKS = "[]():.,*";

const KEYWORDS: ReadonlySet<string> = new Set([
  "AND",
  "OR",
  "NOT",
  "FOLLOWEDBY",
  "LIKE",
  "MATCHES",
  "ISSUPERSET",
  "ISSUBSET",
  "EXISTS",
  "IN",
  "START",
  "STOP",
  "SECONDS",
  "TIMES",
  "WITHIN",
  "REPEATS",
  "true",
  "false",
]);

const QUOTED_KINDS = { "": "string", h: "hex", b: "binary", t: "timestamp" } as const;

/** Cuts a pattern (chapter 9) into tokens, the last of kind `end`. Throws PatternFault. */
export function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(pattern, 0);
  while (at < pattern.length) {
    const token = readToken(pattern, at);
    tokens.push(token);
    at = skipSpace(pattern, at + token.text.length);
  }
  tokens.push({ kind: "end", text: "", value: "", offset: pattern.length });
  return tokens;
}

function readToken(pattern: string, offset: number): Token {
  const quoted = matchAt(QUOTED, pattern, offset);
  if (quoted !== null) return readQuoted(quoted, offset);
  const char = pattern.charAt(offset);
  // A dot before a digit is a step of a path unless a value is expected, so `.` is tried as a mark first.
  if (MARKS.includes(char)) return { kind: "mark", text: char, value: char, offset };
  const operator = matchAt(OPERATOR, pattern, offset)?.[0];
  if (operator !== undefined) return { kind: "operator", text: operator, value: operator, offset };
  const number = matchAt(NUMBER, pattern, offset)?.[0];
  if (number !== undefined) {
    return { kind: number.includes(".") ? "float" : "integer", text: number, value: number, offset };
  }
  const word = matchAt(WORD, pattern, offset)?.[0];
  if (word !== undefined) {
    return { kind: KEYWORDS.has(word) ? "keyword" : "word", text: word, value: word, offset };
  }
  throw new PatternFault(char === "'" ? "a string without its end" : `unexpected ${char}`, offset);
}

/** §9.2: within a string only the quote and the backslash are escaped. */
function readQuoted(match: RegExpExecArray, offset: number): Token {
  const kind = QUOTED_KINDS[(match[1] ?? "") as keyof typeof QUOTED_KINDS];
  const raw = match[2] ?? "";
  const value = raw.includes("\\") ? raw.replace(/\\(['\\])/g, "$1") : raw;
  return { kind, text: match[0], value, offset };
}

function skipSpace(pattern: string, offset: number): number {
  return offset + (matchAt(SPACE, pattern, offset)?.[0].length ?? 0);
}

function matchAt(sticky: RegExp, text: string, offset: number): RegExpExecArray | null {
  sticky.lastIndex = offset;
  return sticky.exec(text);
}
