import type { PlatformProcess } from "../support/platform.ts";
import { emphasis, type Narrator, print } from "./narrator.ts";

/** What a visitor is told before the story and after it. */
export function sayWhatThisIs(): void {
  print(`
${emphasis("Suar: a report from one CERT reaches every member that may see it")}

The national CERTs of China and ASEAN are its members. Here Singapore (SG) reports; Malaysia (MY), Thailand (TH)
and China (CN) receive. TLP, the Traffic Light Protocol, says who may see what: GREEN all members, AMBER those
who are named. All names and addresses are made up. A ✓ is something that was checked just now, a ✗ fails the run.

Starting a platform with a database of its own; this takes a few seconds ...`);
}

export function sumUp(narrator: Narrator, since: number): void {
  const seconds = ((Date.now() - since) / 1000).toFixed(1);
  const { kept, broken } = narrator;
  print(`\n${emphasis(`${kept} promises kept, ${broken.length} broken`)}, in ${seconds} seconds.`);
  for (const promise of broken) print(`  broken: ${promise}`);
}

export function sayHowToGoOn(): void {
  print(`
The platform has been stopped and its data deleted. npm run demo -- --keep leaves both, to look around in;
npm start runs a platform of your own.`);
}

export function sayWhere({ url, dataDir }: PlatformProcess): void {
  print(`
The platform goes on running, with all of this in it.

Address    ${url}
API docs   ${url}/docs
Keys       ${dataDir}/bootstrap.json
           npx suar login --bootstrap ${dataDir}/bootstrap.json --as SG:analyst
Data       ${dataDir}

Ctrl-C stops it and keeps the data.`);
}

export function sayWhereKept({ dataDir }: PlatformProcess): void {
  print(`
Stopped. The data are in ${dataDir}.

To start on them again   SUAR_DATA_DIR=${dataDir} npm start
To delete them           rm -r ${dataDir}`);
}

export function sayLogOf(running: PlatformProcess): void {
  const log = running.log();
  if (log !== "") print(`\nWhat the platform logged:\n${log.slice(-4_000)}`);
}
