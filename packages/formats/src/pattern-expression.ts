/** What is to be looked for: comparisons of STIX patterns (§9), joined. */
export type Expression =
  | { is: "comparison"; root: string; text: string }
  | { is: "and" | "or"; of: readonly Expression[] }
  /** What was seen by itself: never said of the same object as what stands beside it. */
  | { is: "observation"; of: Expression };

/** `equal`: the paths that it fixes to one value. */
type Inner = { inner: string; root: string; equal: ReadonlySet<string>; isJoint?: boolean };
/** An expression within one observation, or of several. */
type Compiled = Inner | { outer: string };

/**
 * The pattern of an expression. What is said of one type of object stands within one observation, so that AND means
 * the same file or the same key, unless no object could be both; different types are observations of their own (§9.4,
 * §9.5).
 */
export function patternOf(expression: Expression): string {
  return outerOf(compile(expression));
}

function compile(expression: Expression): Compiled {
  if (expression.is === "comparison")
    return { inner: expression.text, root: expression.root, equal: fixedBy(expression.text) };
  if (expression.is === "observation") return { outer: patternOf(expression.of) };
  const parts = expression.is === "and" ? together(expression.of.map(compile)) : expression.of.map(compile);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return (expression.is === "or" ? ofOneType(parts) : undefined) ?? apart(parts, expression.is);
}

function apart(parts: readonly Compiled[], operator: "and" | "or"): Compiled {
  return { outer: `(${parts.map(outerOf).join(` ${operator.toUpperCase()} `)})` };
}

/** Alternatives for one object. */
function ofOneType(parts: readonly Compiled[]): Inner | undefined {
  const inner = parts.filter((part) => "inner" in part);
  const [first] = inner;
  if (first === undefined || inner.length < parts.length || inner.some(({ root }) => root !== first.root))
    return undefined;
  const equal = [...first.equal].filter((path) => inner.every((part) => part.equal.has(path)));
  const text = inner.map((part) => part.inner).join(" OR ");
  return { inner: `(${text})`, root: first.root, equal: new Set(equal) };
}

/** Of an AND, what is said of one type of object is said of the same object, if one can be all of that. */
function together(parts: readonly Compiled[]): Compiled[] {
  const joined: Compiled[] = [];
  const places = new Map<string, number>();
  for (const part of parts) {
    const at = "root" in part ? places.get(part.root) : undefined;
    const known = at === undefined ? undefined : joined[at];
    if (at !== undefined && known !== undefined && "inner" in known && "inner" in part && agree(known, part))
      joined[at] = both(known, part);
    else {
      if ("root" in part && at === undefined) places.set(part.root, joined.length);
      joined.push(part);
    }
  }
  return joined.map((one) =>
    "inner" in one && one.isJoint === true ? { ...one, inner: `(${one.inner})`, isJoint: false } : one,
  );
}

function both(a: Inner, b: Inner): Inner {
  return {
    inner: `${a.inner} AND ${b.inner}`,
    root: a.root,
    equal: new Set([...a.equal, ...b.equal]),
    isJoint: true,
  };
}

/** No object has two values in one place. */
function agree(a: Inner, b: Inner): boolean {
  return a.inner === b.inner || [...b.equal].every((path) => !a.equal.has(path));
}

/** The path of an equation; a list may hold several values. */
function fixedBy(text: string): ReadonlySet<string> {
  const path = text.slice(0, Math.max(0, text.indexOf(" = ")));
  return new Set(path === "" || path.includes("[*]") ? [] : [path]);
}

function outerOf(compiled: Compiled): string {
  return "outer" in compiled ? compiled.outer : `[${compiled.inner}]`;
}

/** A comparison within brackets, as `file:name = 'a'`. */
export function comparison(text: string): Expression {
  return { is: "comparison", root: text.slice(0, text.indexOf(":")), text };
}

/** §9.2: a backslash before each quote and backslash. */
export function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
