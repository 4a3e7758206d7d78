/** Stands for a dot that was written defanged, so that a match can tell that the writer meant a host. */
export const MARKED_DOT = "\ue000";

const MAYBE_DEFANGED = /[[({\\]|hxx|h\*\*|meow|fxp|_at_/i;

/**
 * A line with its defanged parts put right: `hxxp`, `[.]`, `(dot)`, `[@]`, `[:]//` and the like. Cheap for
 * lines that have none.
 */
export function refangLine(line: string): string {
  if (!MAYBE_DEFANGED.test(line)) return line;
  return line
    .replace(/\b(?:hxx|h\*\*|htt|meow)p(s?)(?=\s?[[({]?:)/gi, "http$1")
    .replace(/\bfxp(?=[[({]?:)/gi, "ftp")
    .replace(/\b(https?|ftp)\s?[[({]\s?(?::\s?[\])}]\s?\/\/|:\/\/\s?[\])}])/gi, "$1://")
    .replace(/\b(https?|ftp):[[({]?\/\/[\])}]?/gi, "$1://")
    .replace(/\s?[[({]\s?(?:\.|dot|d0t|punto)\s?[\])}]\s?/gi, MARKED_DOT)
    .replace(/(?<=\w)[[({]\.(?=\w)|(?<=\w)\.[\])}](?=\w)|(?<=\w)\\\.(?=\w)/g, MARKED_DOT)
    .replace(/\s?[[({]\s?(?:@|at)\s?[\])}]\s?/gi, "@")
    .replace(/(?<=[0-9a-f])[[({]:[\])}]/gi, ":");
}
