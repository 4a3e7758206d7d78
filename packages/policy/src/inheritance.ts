import type { Pap, Tlp } from "@suar/stix";

export type Markings = { tlp?: Tlp; pap?: Pap };

/** One staged row: its own markings, the ids it contains (a report's object_refs), the ids it refers to. */
export type MarkingNode = {
  id: string;
  own?: Markings | undefined;
  contains: readonly string[];
  refs: readonly string[];
  isRelationship: boolean;
};

type Row = { node: MarkingNode; slot: number };
type Flows = readonly (readonly number[] | undefined)[];

const TLP_STRICTEST_FIRST: readonly Tlp[] = ["red", "amber+strict", "amber", "green", "clear"];
const PAP_STRICTEST_FIRST: readonly Pap[] = ["red", "amber", "green", "clear"];

/**
 * The effective markings of every node of a submission: the stricter of its own, of every container's
 * (through any depth) and of the submission's. A relationship also takes those of its ends, since it tells
 * of both. Two rows with one id (two versions) share the stricter of theirs.
 *
 * Ids that are not among the nodes are ignored: a caller whose rows refer to stored objects adds these as
 * nodes. A node without `tlp` in the answer is unmarked, and refused.
 */
export function effectiveMarkings(
  nodes: readonly MarkingNode[],
  submissionDefault: Markings = {},
): Map<string, Markings> {
  const slots = new Map<string, number>();
  const rows = nodes.map((node): Row => ({ node, slot: slotFor(node.id, slots) }));
  const flows = flowsBetween(rows, slots);
  const spread = <Level>(levels: readonly Level[], levelOf: (markings: Markings) => Level | undefined) =>
    strictestReaching(levels, startingSlots(rows, submissionDefault, levelOf), flows, slots.size);

  const tlps = spread(TLP_STRICTEST_FIRST, ({ tlp }) => tlp);
  const paps = spread(PAP_STRICTEST_FIRST, ({ pap }) => pap);
  const answer = new Map<string, Markings>();
  for (const [id, slot] of slots) {
    const tlp = tlps[slot];
    const pap = paps[slot];
    answer.set(id, { ...(tlp && { tlp }), ...(pap && { pap }) });
  }
  return answer;
}

function slotFor(id: string, slots: Map<string, number>): number {
  const known = slots.get(id);
  if (known !== undefined) return known;
  slots.set(id, slots.size);
  return slots.size - 1;
}

/** Where strictness flows: from a container to its children, from an end to its relationships. */
function flowsBetween(rows: readonly Row[], slots: ReadonlyMap<string, number>): Flows {
  const flows: (number[] | undefined)[] = Array.from({ length: slots.size });
  const connect = (from: number | undefined, to: number | undefined) => {
    if (from === undefined || to === undefined) return;
    const targets = flows[from];
    if (targets) targets.push(to);
    else flows[from] = [to];
  };
  for (const { node, slot } of rows) {
    for (const child of node.contains) connect(slot, slots.get(child));
    if (node.isRelationship) for (const end of node.refs) connect(slots.get(end), slot);
  }
  return flows;
}

function startingSlots<Level>(
  rows: readonly Row[],
  submissionDefault: Markings,
  levelOf: (markings: Markings) => Level | undefined,
): Map<Level, number[]> {
  const starts = new Map<Level, number[]>();
  const given = levelOf(submissionDefault);
  const start = (level: Level | undefined, slot: number) => {
    if (level === undefined) return;
    const slots = starts.get(level);
    if (slots) slots.push(slot);
    else starts.set(level, [slot]);
  };
  for (const { node, slot } of rows) {
    if (node.own) start(levelOf(node.own), slot);
    start(given, slot);
  }
  return starts;
}

/**
 * One flood per level, the strictest first; a node keeps the first level that reaches it. Each node and edge
 * is walked once in all, cycles end at nodes already reached, and no stack grows with the depth. A level that
 * is not in the list throws: to pass over it would leave its node with a weaker one.
 */
function strictestReaching<Level>(
  levels: readonly Level[],
  starts: ReadonlyMap<Level, readonly number[]>,
  flows: Flows,
  size: number,
): (Level | undefined)[] {
  for (const level of starts.keys()) if (!levels.includes(level)) throw new RangeError("unknown marking");
  const reached: (Level | undefined)[] = Array.from({ length: size });
  for (const level of levels) {
    const waiting = [...(starts.get(level) ?? [])];
    for (let slot = waiting.pop(); slot !== undefined; slot = waiting.pop()) {
      if (reached[slot] !== undefined) continue;
      reached[slot] = level;
      for (const next of flows[slot] ?? []) waiting.push(next);
    }
  }
  return reached;
}
