import { Lexer } from "yaml";

export const MAX_DEPTH = 64;

/** The lexer sets this before a plain or quoted scalar, whose text is the next lexeme. */
const SCALAR_FOLLOWS = "\u001f";

/**
 * Where a text nests deeper than a scenario may, or `undefined`. A million brackets keep the parser busy for
 * many seconds; the lexer is quick, needs no stack, and stops here at the first that is too many. Nesting by
 * indentation pays for each level with its own line, and is counted after parsing.
 */
export function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let flow = 0;
  // Indicators in a row on one line, as in `- - - -` or `!!map !!map`: each one opens a level or decorates the next node.
  let row = 0;
  let inScalar = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (inScalar) row = 0;
    else if (lexeme === "[" || lexeme === "{") flow += 1;
    else if (lexeme === "]" || lexeme === "}") flow -= 1;
    else if (/^[-?:&!]/.test(lexeme)) row += 1;
    else if (lexeme.trim() !== "" || lexeme.includes("\n")) row = 0;
    if (flow > MAX_DEPTH || row > MAX_DEPTH) return offset;
    inScalar = lexeme === SCALAR_FOLLOWS;
    if (!isMark(lexeme)) offset += lexeme.length;
  }
  return undefined;
}

/** Lexemes that stand for something but are not in the text: byte order, document, flow error, scalar. */
function isMark(lexeme: string): boolean {
  return lexeme === "\u0002" || lexeme === "\u0018" || lexeme === SCALAR_FOLLOWS;
}
