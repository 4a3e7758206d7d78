/** One token of a pattern. `value` is the constant with its escapes undone; `offset` counts UTF-16 units. */
export type Token = {
  kind:
    | "word"
    | "keyword"
    | "operator"
    | "mark"
    | "string"
    | "hex"
    | "binary"
    | "timestamp"
    | "integer"
    | "float"
    | "end";
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

/** §9.1: whitespace is what Unicode calls White_Space, and so no byte order mark. */
const SPACE = /\p{White_Space}+/uy;
const NUMBER = /-?(?:\d*\.\d+|\d+)/y;
const WORD = /[A-Za-z_][A-Za-z0-9_-]*/y;
const OPERATOR = /!=|<=|>=|=|<|>/y;
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
  const char = pattern.charAt(offset);
  const prefix = char === "'" ? "" : char;
  if (isQuotePrefix(prefix) && pattern.charAt(offset + prefix.length) === "'") {
    return readQuoted(pattern, offset, prefix);
  }
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
  throw new PatternFault(`unexpected ${char}`, offset);
}

/** §9.2: within a string only the quote and the backslash are escaped. Scanned by hand, to stay linear. */
function readQuoted(pattern: string, offset: number, prefix: keyof typeof QUOTED_KINDS): Token {
  const start = offset + prefix.length + 1;
  let value = "";
  let from = start;
  for (let at = start; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === "'") {
      value += pattern.slice(from, at);
      return { kind: QUOTED_KINDS[prefix], text: pattern.slice(offset, at + 1), value, offset };
    }
    if (char !== "\\") continue;
    const escaped = pattern.charAt(at + 1);
    if (escaped !== "'" && escaped !== "\\") throw new PatternFault("an unknown escape in a string", at);
    value += pattern.slice(from, at) + escaped;
    at += 1;
    from = at + 1;
  }
  throw new PatternFault("a string without its end", offset);
}

function isQuotePrefix(text: string): text is keyof typeof QUOTED_KINDS {
  return Object.hasOwn(QUOTED_KINDS, text);
}

function skipSpace(pattern: string, offset: number): number {
  return offset + (matchAt(SPACE, pattern, offset)?.[0].length ?? 0);
}

function matchAt(sticky: RegExp, text: string, offset: number): RegExpExecArray | null {
  sticky.lastIndex = offset;
  return sticky.exec(text);
}
