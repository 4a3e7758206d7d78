import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** A process of its own that answers questions: what loads must not share a core's event loop with what measures. */
export type Child = {
  ask<Answer>(question: unknown): Promise<Answer>;
  pid: number;
  stop(): void;
};

type Reply = { id: number; answer?: unknown; error?: string };

/** Starts `./<name>.ts` of this folder, which calls `answerParent`. */
export function startChild(name: string): Child {
  const file = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  const child: ChildProcess = fork(file, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let stopped = false;
  child.on("message", (reply: Reply) => {
    const one = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error === undefined) one?.resolve(reply.answer);
    else one?.reject(new Error(`${name}: ${reply.error}`));
  });
  child.once("exit", (code) => {
    if (!stopped) for (const { reject } of waiting.values()) reject(new Error(`${name} ended with ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    ask: async <Answer>(question: unknown): Promise<Answer> =>
      (await new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        child.send({ id: asked, question });
      })) as Answer,
    stop: () => {
      stopped = true;
      child.kill("SIGTERM");
    },
  };
}

/** In the child: answers each question, and ends when the parent is gone. */
export function answerParent<Question>(answer: (question: Question) => Promise<unknown>): void {
  process.on("message", (message: { id: number; question: Question }) => {
    answer(message.question).then(
      (result) => process.send?.({ id: message.id, answer: result }),
      (error: unknown) =>
        process.send?.({ id: message.id, error: error instanceof Error ? error.message : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit(0));
}
