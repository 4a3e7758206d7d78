export type Line = { number: number; text: string };

/** A line longer than this is read in pieces, cut at white space where there is some. */
const LONGEST = 64 * 1024;

/** Lines of a text; what is carried from chunk to chunk stays bounded. */
export async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<Line[]> {
  let carried = "";
  let number = 1;
  for await (const chunk of text) {
    const lines: Line[] = [];
    const parts = (carried + chunk).split("\n");
    carried = parts.pop() ?? "";
    for (const part of parts) {
      for (const piece of piecesOf(part)) lines.push({ number, text: piece });
      number += 1;
    }
    while (carried.length > LONGEST) {
      const cut = cutOf(carried);
      lines.push({ number, text: carried.slice(0, cut) });
      carried = carried.slice(cut);
    }
    yield lines;
  }
  yield [{ number, text: carried }];
}

/** A line in pieces that are short enough to be looked through. */
export function* piecesOf(line: string): Generator<string> {
  let rest = line;
  while (rest.length > LONGEST) {
    const cut = cutOf(rest);
    yield rest.slice(0, cut);
    rest = rest.slice(cut);
  }
  yield rest;
}

function cutOf(text: string): number {
  const space = text.slice(0, LONGEST).search(/\s\S*$/);
  return space > 0 ? space + 1 : LONGEST;
}
