import type { MarkingChange } from "@suar/contract";
import { Pap, Tlp } from "@suar/stix";
import type { Command } from "commander";
import { type Context, run } from "../shell/context.ts";
import { UsageError } from "../shell/exit-codes.ts";

type Options = { tlp?: string; pap?: string; to?: string };

export function addMarking(program: Command): void {
  program
    .command("marking")
    .description("show the marking of what your organisation stated, or change it and whom it is for")
    .argument("<id>", "STIX id")
    .option("--tlp <tlp>", "clear, green, amber or amber+strict")
    .option("--pap <pap>", "clear, green, amber, red, or none")
    .option("--to <codes>", "members, agencies and groups, with commas between; or community")
    .addHelpText(
      "after",
      "\nExamples:\n  $ suar marking indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701\n  $ suar marking indicator--5b0f2a7e-9d44-4c6b-8a1e-3f6c20d1e701 --tlp amber --to SG,MY\n\nNext: suar receipts ID",
    )
    .action(run(showOrChange));
}

async function showOrChange(context: Context, id: string, options: Options): Promise<undefined> {
  const { objects } = await context.client();
  const change = changeOf(options);
  const { tag, ...now } = await objects.marking(id);
  if (Object.keys(change).length === 0) {
    await context.terminal.show(now, () => describe(now));
    return undefined;
  }
  const changed = await objects.mark(id, tag, change);
  await context.terminal.show(
    changed,
    () => `${describe(changed)}\nlost by ${changed.lost}, gained by ${changed.gained}`,
  );
  return undefined;
}

function changeOf({ tlp, pap, to }: Options): MarkingChange {
  const wanted = Tlp.safeParse(tlp?.toLowerCase()).data;
  if (tlp !== undefined && wanted === undefined)
    throw new UsageError(`--tlp is one of ${Tlp.options.join(", ")}`);
  const action = pap === "none" ? null : Pap.safeParse(pap?.toLowerCase()).data;
  if (pap !== undefined && action === undefined)
    throw new UsageError(`--pap is one of ${Pap.options.join(", ")}, none`);
  const codes = to?.split(",").map((code) => code.trim());
  return {
    ...(wanted && { tlp: wanted }),
    ...(action !== undefined && { pap: action }),
    ...(codes && { to: to === "community" ? "community" : codes }),
  };
}

type Shown = { id: string; tlp: string; pap: string | null; to: "community" | string[] };

function describe({ id, tlp, pap, to }: Shown): string {
  const readers = to === "community" ? "the community" : to.join(", ") || "nobody else";
  return `${id} TLP:${tlp.toUpperCase()}${pap === null ? "" : ` PAP:${pap.toUpperCase()}`} for ${readers}`;
}
