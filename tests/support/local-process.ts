import { type ChildProcess, execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { connect, createServer } from "node:net";

/** Below those that systems give to whoever asks for any (RFC 6335 §6: from 49152; Linux: from 32768). */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];

/**
 * Ports that nobody listens on, all different. Not such as the system gives to clients and to servers that ask for any
 * port: before ours are taken, a platform of another file of tests would have one of them.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

export async function isListening(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

/** Runs a command to its end; resolves with its output, and rejects when it fails. */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: { cwd: string; env: Record<string, string | undefined> },
  withinMs = 60_000,
): Promise<string> {
  return await new Promise((resolve, reject) => {
    execFile(program, args, { ...options, timeout: withinMs }, (error, output) =>
      error === null ? resolve(output) : reject(new Error(`${error.message}\n${output}`)),
    );
  });
}

export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

/** Asks a process to end, makes it when the time is over, and resolves with its exit code. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode;
  const gone = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), graceMs);
  const code = await gone;
  clearTimeout(late);
  return code;
}
