import { readFile } from "node:fs/promises";
import type { Drill } from "@suar/contract";
import { checkScenario, parseScenario } from "@suar/scenario";
import type { Command } from "commander";
import type { SuarClient } from "../../client.ts";
import { positiveNumber } from "../options/number-option.ts";
import { cleanText } from "../shell/clean-text.ts";
import { collect } from "../shell/collect.ts";
import { type Context, run } from "../shell/context.ts";
import { describe } from "../shell/describe-command.ts";
import { EXIT, UsageError } from "../shell/exit-codes.ts";
import { writeAtomically } from "../shell/profiles.ts";
import { table } from "../shell/terminal.ts";
import { followDrill, showDeliveries, titleOf } from "./follow-drill.ts";

type RunOptions = { speed?: number; wait: boolean; keys?: string };

export function addDrillCommands(program: Command): void {
  const drill = program.command("drill").description("drills: scenarios, played in a realm of their own");
  describe(
    drill.command("check").argument("<file>", "scenario, YAML"),
    "check a scenario here, without a platform; ends with 5 when it has errors",
    "suar drill check seeds/drills/first.yaml",
    "suar drill run FILE",
  ).action(run(check));
  withRunOptions(
    describe(
      drill.command("run").argument("<file>", "scenario, YAML"),
      "make a run, start it, and show injects as they fire and who received what",
      "suar drill run seeds/drills/first.yaml --speed 60",
      "suar drill replay ID",
    ),
  ).action(run(runDrill));
  withRunOptions(
    describe(
      drill.command("replay").argument("<id>", "an earlier run"),
      "play the same scenario again in a new realm",
      "suar drill replay ID --speed 120",
      "suar drill show ID",
    ),
  ).action(run(replay));
  describe(
    drill.command("list"),
    "list your runs, newest first",
    "suar drill list",
    "suar drill show ID",
  ).action(run(list));
  describe(
    drill.command("show").argument("<id>", "the run"),
    "show a run's clock, its injects, and who received what",
    "suar drill show ID",
    "suar drill pause ID",
  ).action(run(show));
  addControls(drill);
}

function addControls(drill: Command): void {
  const control = (
    name: "start" | "pause" | "resume" | "end" | "archive",
    description: string,
    next: string,
  ) =>
    describe(
      drill.command(name).argument("<id>", "the run"),
      description,
      `suar drill ${name} ID`,
      next,
    ).action(run((context, id: string) => showOne(context, (client) => client.drills[name](id))));
  control("start", "start the clock of a run that is ready", "suar drill show ID");
  control("pause", "stop the clock; nothing fires until it goes on", "suar drill resume ID");
  control("resume", "let the clock go on from where it stopped", "suar drill show ID");
  control("end", "end the run; its realm can still be read", "suar drill show ID");
  control("archive", "drop the ended run's realm and revoke its keys", "suar drill list");
}

function withRunOptions(command: Command): Command {
  return command
    .option("--speed <n>", "scenario seconds a second", positiveNumber)
    .option("--no-wait", "return as soon as the clock runs")
    .option("--keys <file>", "write the players' keys there, mode 0600; they are shown nowhere else");
}

async function readScenario(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function check(context: Context, file: string): Promise<number> {
  const parsed = parseScenario(await readScenario(file));
  const problems = parsed.ok
    ? checkScenario(parsed.scenario).map((problem) => ({ ...problem, line: parsed.lineOf(problem.path) }))
    : parsed.problems;
  const errors = problems.filter(({ severity }) => severity === "error").length;
  await context.terminal.show({ file, ok: errors === 0, problems }, () =>
    [
      ...problems.map(
        ({ severity, line, code, message }) =>
          `${file}${line === undefined ? "" : `:${line}`}: ${severity}: ${cleanText(message)} (${code})`,
      ),
      parsed.ok && errors === 0
        ? `${file}: fit to play, ${parsed.scenario.injects.length} injects in ${parsed.scenario.duration}`
        : `${file}: ${errors} errors`,
    ].join("\n"),
  );
  if (errors === 0) context.terminal.next(`suar drill run ${file} --speed 60`);
  return errors === 0 ? EXIT.ok : EXIT.refused;
}

async function runDrill(context: Context, file: string, options: RunOptions): Promise<number> {
  const scenario = await readScenario(file);
  const client = await context.client();
  return play(context, client, await client.drills.create(scenario, options.speed), options);
}

async function replay(context: Context, id: string, options: RunOptions): Promise<number> {
  const client = await context.client();
  return play(context, client, await client.drills.replay(id, options.speed), options);
}

type CreatedDrill = Awaited<ReturnType<SuarClient["drills"]["create"]>>;

async function play(
  context: Context,
  client: SuarClient,
  created: CreatedDrill,
  options: RunOptions,
): Promise<number> {
  const { terminal } = context;
  const { keys, warnings, ...drill } = created;
  if (options.keys !== undefined)
    await writeAtomically(
      options.keys,
      `${JSON.stringify({ url: client.url, realm: drill.realm, keys }, null, 2)}\n`,
    );
  for (const warning of warnings) terminal.note(`warning: ${cleanText(warning)}`);
  await terminal.show(
    { event: "created", drill },
    () => `drill ${drill.id} in realm ${drill.realm}: ${titleOf(drill)}`,
  );
  await client.drills.start(drill.id);
  if (options.wait) return followDrill(context, client, drill.id);
  terminal.next(`suar drill show ${drill.id}`);
  return EXIT.ok;
}

async function list(context: Context): Promise<undefined> {
  const drills = await collect((await context.client()).drills.list());
  const row = (drill: Drill) => [
    drill.id,
    drill.state,
    drill.scenarioTime,
    drill.duration,
    drill.speed,
    drill.realm,
    titleOf(drill),
  ];
  await context.terminal.show(drills, () =>
    table(["id", "state", "at", "of", "speed", "realm", "title"], drills.map(row)),
  );
  return undefined;
}

async function show(context: Context, id: string): Promise<undefined> {
  const client = await context.client();
  const drill = await client.drills.get(id);
  await context.terminal.show({ event: "drill", drill }, () =>
    [
      `drill ${drill.id} ${drill.state} at ${drill.scenarioTime} of ${drill.duration}, speed ${drill.speed}: ${titleOf(drill)}`,
      table(
        ["inject", "state", "at", "late by", "by", "problem"],
        drill.injects.map((one) => [one.id, one.state, one.scenarioTime, one.lateBy, one.by, one.problem]),
      ),
    ].join("\n"),
  );
  await showDeliveries(context, client, id);
  return undefined;
}

async function showOne(context: Context, change: (client: SuarClient) => Promise<Drill>): Promise<undefined> {
  const drill = await change(await context.client());
  await context.terminal.show(
    drill,
    () => `drill ${drill.id} ${drill.state} at ${drill.scenarioTime} of ${drill.duration}`,
  );
  return undefined;
}
