import type { Draft } from "../draft.ts";

/** What was drafted, with its locals as `<type> <n>`, so that a golden file can be written by hand. */
export function named(drafts: readonly Draft[]): unknown[] {
  const counts = new Map<string, number>();
  let text = JSON.stringify(
    drafts.map((draft) =>
      draft.kind === "object" ? draft.object : { [draft.as]: draft.value, ...draft.details },
    ),
  );
  for (const { local } of drafts) {
    if (local === undefined) continue;
    const type = local.slice(0, local.indexOf("--"));
    const count = (counts.get(type) ?? 0) + 1;
    counts.set(type, count);
    text = text.replaceAll(local, `${type} ${count}`);
  }
  return JSON.parse(text);
}
