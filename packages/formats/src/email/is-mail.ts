const FIELD = /^([!-9;-~]{1,76}):(?=[ \t\r]|$)/;
/** What only machines that carry mail write, and people who paste a note do not. */
const OF_MACHINES =
  /^(?:received|message-id|mime-version|return-path|content-type|dkim-signature|delivered-to|x-[a-z-]+|arc-[a-z-]+|authentication-results)$/;
const COMMON = /^(?:from|to|subject|date|reply-to|cc|sender)$/;
const MOST_LINES = 200;

/** Whether a text begins as the header of a message does (RFC 5322 §2.2). */
export function isMail(head: string): boolean {
  const lines = head
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()
    .split(/\r?\n/, MOST_LINES);
  if (lines[0]?.startsWith("From ") === true) lines.shift();
  let machines = 0;
  let common = 0;
  for (const line of lines) {
    if (line === "") break;
    if (/^[ \t]/.test(line)) continue;
    const name = FIELD.exec(line)?.[1]?.toLowerCase();
    if (name === undefined) return false;
    if (OF_MACHINES.test(name)) machines += 1;
    else if (COMMON.test(name)) common += 1;
  }
  return machines > 0 && machines + common >= 2 && (common > 0 || machines >= 3);
}
