import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
} from "yaml";
import { MAX_DEPTH, tooDeepAt } from "./nesting.ts";
import type { Problem } from "./problem.ts";

/** A YAML text as plain data, together with the line of every path in it. */
export type YamlDocument = {
  data: unknown;
  problems: Problem[];
  lineOf: (path: readonly PropertyKey[]) => number | undefined;
};

/** Reads one YAML 1.2 document. Its data is `undefined` where the text or its nesting is broken. */
export function readYaml(text: string): YamlDocument {
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line;
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    return { data: undefined, problems: [tooDeep(lineIn(text, deep))], lineOf: () => undefined };
  }
  const document = compose(text, lines);

  const broken = [...document.errors, ...document.warnings].map(
    ({ code, message, pos }): Problem => ({
      code: `yaml-${code.toLowerCase().replaceAll("_", "-")}`,
      severity: "error",
      message: message.split("\n")[0] ?? message,
      path: [],
      line: lineAt(pos[0]),
    }),
  );
  const refused = refuseNodes(document.contents, lineAt);
  const problems = [...broken, ...refused];
  return {
    // Aliases and deep nesting are refused before anything is expanded.
    data: problems.length === 0 ? document.toJS({ maxAliasCount: 0 }) : undefined,
    problems,
    lineOf: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/** Unique keys are looked for in `refuseNodes`: the library compares every two keys of a map. */
function compose(text: string, lineCounter: LineCounter): Document.Parsed {
  return parseDocument(text, { lineCounter, version: "1.2", uniqueKeys: false, prettyErrors: false });
}

function lineIn(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

type Visit = { node: unknown; path: readonly (string | number)[]; depth: number };

/** Aliases, depth and repeated keys, in one walk that needs no stack. */
function refuseNodes(root: unknown, lineAt: (offset: number) => number): Problem[] {
  const problems: Problem[] = [];
  const waiting: Visit[] = [{ node: root, path: [], depth: 0 }];
  const refuse = (code: string, message: string, { node, path }: Omit<Visit, "depth">) => {
    const start = startOf(node);
    problems.push({
      code,
      severity: "error",
      message,
      path,
      ...(start !== undefined && { line: lineAt(start) }),
    });
  };
  for (let visit = waiting.pop(); visit; visit = waiting.pop()) {
    const { node, path, depth } = visit;
    if (isAlias(node)) refuse("alias", "aliases are not read: repeat the value", visit);
    if (!isCollection(node)) continue;
    if (depth >= MAX_DEPTH) {
      problems.push(tooDeep(lineAt(startOf(node) ?? 0)));
      continue;
    }
    const keys = new Set<string>();
    for (const [index, item] of node.items.entries()) {
      if (!isPair(item)) {
        waiting.push({ node: item, path: [...path, index], depth: depth + 1 });
        continue;
      }
      const key = keyOf(item.key);
      const below = [...path, key];
      if (keys.has(key))
        refuse("repeated-key", `the key ${key} stands here twice`, { node: item.key, path: below });
      if (!isScalar(item.key))
        refuse("complex-key", "a key is a plain word", { node: item.key, path: below });
      keys.add(key);
      waiting.push({ node: item.value, path: below, depth: depth + 1 });
    }
  }
  return problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** Where a path begins in the text; where it leads nowhere, the nearest place above. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = root;
  let offset = startOf(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => keyOf(key) === String(step));
      if (!pair) return offset;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    }
  }
  return offset;
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : "";
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isCollection(node) || isAlias(node) ? node.range?.[0] : undefined;
}

function tooDeep(line: number): Problem {
  return {
    code: "too-deep",
    severity: "error",
    message: `nested deeper than ${MAX_DEPTH} levels`,
    path: [],
    line,
  };
}
