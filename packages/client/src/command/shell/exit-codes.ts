import { isProblemCode, PROBLEMS } from "@suar/contract";
import { CommanderError } from "commander";
import { SuarError } from "../../error.ts";

/** Success, refusal and failure told apart, for scripts. */
export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notAllowed: 3,
  notFound: 4,
  refused: 5,
  rateLimited: 6,
  network: 7,
  interrupted: 130,
} as const;

export const EXIT_HELP = `Exit codes:
  0    done
  1    failure: something went wrong on the platform's side or in this command
  2    usage: the command line is wrong, or a file on it cannot be read
  3    not signed in, or the key's roles do not allow this
  4    there is no such thing, or none that you may see
  5    refused: the platform (or a local check) understood and said no; also a
       submission of which at least one record was rejected
  6    too many requests, drills or keys: try later
  7    network: no answer
  130  interrupted by Ctrl-C`;

/** A command line that cannot be carried out. */
export class UsageError extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof SuarError)) return EXIT.failure;
  if (error.code === "network" || error.code === "timeout") return EXIT.network;
  return exitCodeOfStatus(error.status ?? statusOf(error.code));
}

/** The exit code for a problem that came as a code alone, as in a failed submission. */
export function exitCodeOfProblem(code: string): number {
  return exitCodeOfStatus(statusOf(code));
}

function statusOf(code: string): number {
  return isProblemCode(code) ? PROBLEMS[code].status : 500;
}

function exitCodeOfStatus(status: number): number {
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  if (status === 429) return EXIT.rateLimited;
  return status >= 400 && status < 500 ? EXIT.refused : EXIT.failure;
}
