import type { AddressInfo } from "node:net";
import { setImmediate as yieldToSockets } from "node:timers/promises";
import { WebSocketServer } from "ws";
import { answerParent } from "./child.ts";
import { now } from "./statistics.ts";

/** What one writes first: a loop over the clients that sends each of them the text. */
type Question = { ask: "listen" } | { ask: "broadcast"; text: string; times: number };

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false });

answerParent<Question>(async (question) => {
  if (question.ask === "listen") {
    if (server.address() === null) await new Promise((resolve) => server.once("listening", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }
  const at = now();
  for (let sent = 0; sent < question.times; sent++) {
    for (const client of server.clients) client.send(question.text);
    await yieldToSockets();
  }
  return { at };
});
