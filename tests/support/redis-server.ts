import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createConnection } from "node:net";
import { until } from "./api.ts";
import { freePorts } from "./local-process.ts";

/** A Redis of the test's own that keeps nothing: killed and started again it is empty. */
export type RedisServer = {
  url: string;
  flush(): Promise<void>;
  /** kill -9, and an empty one at the same address after `awayMs` and whatever is done meanwhile. */
  killAndReplace(awayMs: number, meanwhile?: () => Promise<void>): Promise<void>;
  /** Leaves its connections open and answers nothing until `meanwhile` has ended. */
  hang(meanwhile: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
};

export function hasRedis(): boolean {
  return spawnSync("redis-server", ["--version"]).status === 0;
}

export async function startRedis(): Promise<RedisServer> {
  const [port = 0] = await freePorts(1);
  let process = await launch(port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (process.exitCode !== null || process.signalCode !== null) return;
    const exited = once(process, "exit");
    process.kill(signal);
    await exited;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    flush: async () => {
      if ((await ask(port, "FLUSHALL\r\n")) !== "+OK") throw new Error("Redis was not flushed");
    },
    killAndReplace: async (awayMs, meanwhile) => {
      await end("SIGKILL");
      await meanwhile?.();
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      process = await launch(port);
    },
    hang: async (meanwhile) => {
      process.kill("SIGSTOP");
      await meanwhile().finally(() => process.kill("SIGCONT"));
    },
    stop: async () => await end("SIGTERM"),
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const child = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    { stdio: "ignore" },
  );
  await until(10_000, "redis-server", async () =>
    (await ask(port, "PING\r\n").catch(() => "")) === "+PONG" ? true : undefined,
  );
  return child;
}

/** One inline command and the first line of its answer. */
async function ask(port: number, command: string): Promise<string> {
  const socket = createConnection({ port, host: "127.0.0.1" });
  try {
    socket.write(command);
    const [data] = (await once(socket, "data")) as [Buffer];
    return data.toString("utf8").trim();
  } finally {
    socket.destroy();
  }
}
