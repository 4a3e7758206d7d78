const NONE: readonly RegExpExecArray[] = [];

/**
 * All matches of a global form in a text, as `matchAll` finds them. That makes a copy of the form for each text, which
 * for forms of many words takes longer than looking: most texts have no match at all.
 */
export function matchesOf(text: string, form: RegExp): readonly RegExpExecArray[] {
  form.lastIndex = 0;
  let match = form.exec(text);
  if (match === null) return NONE;
  const found: RegExpExecArray[] = [];
  for (; match !== null; match = form.exec(text)) {
    found.push(match);
    if (match[0] === "") form.lastIndex += 1;
  }
  return found;
}
