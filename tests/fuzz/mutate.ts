import type { Chance } from "../support/seeded-random.ts";

/** Values that parsers have stumbled over, here or elsewhere. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 53,
  1e308,
  Number.POSITIVE_INFINITY,
  "",
  "\u0000",
  "\ud800",
  "\u202e",
  "é".repeat(1_000),
  "a".repeat(10_000),
  "2026-02-30T00:00:00Z",
  "2016-12-31T23:59:60.999999999999999999999999Z",
  "9999-12-31T23:59:59.999Z",
  "indicator--00000000-0000-4000-8000-000000000000",
  "constructor",
  "__proto__",
  "[a:b = 'c']",
  "[file:name MATCHES '(a*)*b']",
  "granular_markings.[0].selectors.[0]",
  "CVE-2026-1",
  "cpe:2.3:a:\\:\\",
  "1.2.3.4/33",
  "::ffff:1.2.3.4",
  [],
  [[]],
  {},
  { extension_type: "new-sdo" },
  { selectors: ["a".repeat(1_000)], lang: "en" },
  Array.from({ length: 200 }, () => ({ source_name: "x" })),
];

type Container = Record<string, unknown> | unknown[];

/** A JSON value with some of its parts replaced, taken away, doubled, moved or renamed. */
export function mutated(value: unknown, chance: Chance): unknown {
  const changed = { root: structuredClone(value) };
  const rounds = 1 + Math.floor(chance.next() ** 2 * 6);
  for (let round = 0; round < rounds; round += 1) mutateOnce(changed, chance);
  return changed.root;
}

function mutateOnce(changed: Container, chance: Chance): void {
  const places = containersIn(changed);
  const container = pick(places, chance) ?? changed;
  const keys = Object.keys(container);
  const key = pick(keys, chance) ?? "x_new";
  const at = container as Record<string, unknown>;
  const now = at[key] ?? null;
  switch (Math.floor(chance.next() * 6)) {
    case 0:
      at[key] = hostile(chance);
      break;
    case 1:
      if (Array.isArray(container)) container.splice(Number(key) || 0, 1);
      else delete at[key];
      break;
    case 2:
      define(at, pick(["x_new", "severity", "__proto__", "a b", "é", ""], chance) ?? "", hostile(chance));
      break;
    case 3:
      at[key] = typeof now === "string" ? garbled(now, chance) : [now];
      break;
    case 4: {
      const other = pick(places, chance) ?? changed;
      at[key] = structuredClone(Object.values(other)[0] ?? null);
      break;
    }
    default:
      at[key] = nested(now, Math.floor(chance.between(1, 100)));
  }
}

/** Its own copy, which may be changed in its turn. */
function hostile(chance: Chance): unknown {
  return structuredClone(pick(HOSTILE, chance));
}

/** As JSON.parse makes it: also a member named `__proto__` is one. */
function define(at: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(at, key, { value, enumerable: true, writable: true, configurable: true });
}

function containersIn(root: Container): Container[] {
  const found: Container[] = [];
  const pending: unknown[] = [root];
  while (pending.length > 0 && found.length < 5_000) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    found.push(value as Container);
    for (const member of Object.values(value)) pending.push(member);
  }
  return found;
}

/** A text with one of its characters, or a piece of it, changed. */
export function garbled(text: string, chance: Chance): string {
  const at = Math.floor(chance.next() * (text.length + 1));
  const pieces = [
    "",
    "'",
    '"',
    "\\",
    "\u0000",
    "\ud83d",
    "é",
    " ",
    "--",
    ".",
    "-",
    "9",
    "\n",
    "[",
    "]",
    "(",
    "%",
  ];
  const end = at + Math.floor(chance.next() * 3);
  return text.slice(0, at) + (pick(pieces, chance) ?? "") + text.slice(end);
}

function nested(value: unknown, depth: number): unknown {
  let deep = value;
  for (let level = 0; level < depth; level += 1) deep = level % 2 === 0 ? [deep] : { x_a: deep };
  return deep;
}

export function pick<T>(from: readonly T[], chance: Chance): T | undefined {
  return from[Math.floor(chance.next() * from.length)];
}
