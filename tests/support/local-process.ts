import { type ChildProcess, execFile } from "node:child_process";
import { connect, createServer } from "node:net";

/** Held all at once before any is given back, so that no two are the same. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(0, "127.0.0.1", resolve);
      });
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
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
  withinMs = 10_000,
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
