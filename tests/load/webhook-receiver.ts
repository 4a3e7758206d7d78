import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerParent } from "./child.ts";
import { now } from "./statistics.ts";

/** Receives webhooks and tells when so many have come. */
type Question = { ask: "listen" } | { ask: "expect"; posts: number };

let posts = 0;
let wanted = 0;
let done: (() => void) | undefined;
let last = { body: "", headers: {} as Record<string, unknown> };

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    response.writeHead(204).end();
    posts += 1;
    if (posts === 1) last = { body: Buffer.concat(parts).toString("utf8"), headers: request.headers };
    if (posts === wanted) done?.();
  });
});

answerParent<Question>(async (question) => {
  if (question.ask === "listen") {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
  }
  posts = 0;
  wanted = question.posts;
  await new Promise<void>((resolve) => {
    done = resolve;
  });
  return { at: now(), ...last };
});
