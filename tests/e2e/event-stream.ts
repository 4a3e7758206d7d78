import { until } from "../support/api.ts";

type StreamEvent = { id: string | undefined; event: string; data: any };

/** A reader of `text/event-stream`, as a browser is: remembers the last id, and can begin from one. */
export type EventStream = {
  status: number;
  events: StreamEvent[];
  ended: Promise<void>;
  lastId(): string | undefined;
  waitFor(
    what: string,
    find: (events: readonly StreamEvent[]) => boolean | undefined,
    withinMs?: number,
  ): Promise<void>;
  close(): void;
};

export async function openEventStream(
  url: string,
  key: string,
  options: { query?: string; lastEventId?: string } = {},
): Promise<EventStream> {
  const abort = new AbortController();
  const response = await fetch(`${url}/v1/live${options.query ?? ""}`, {
    headers: {
      authorization: `Bearer ${key}`,
      accept: "text/event-stream",
      ...(options.lastEventId !== undefined && { "last-event-id": options.lastEventId }),
    },
    signal: abort.signal,
  });
  const events: StreamEvent[] = [];
  const ended = readAll(response, events).catch(() => undefined); // cut off is ended, too
  return {
    status: response.status,
    events,
    ended,
    lastId: () => events.findLast(({ id }) => id !== undefined)?.id,
    waitFor: async (what, find, withinMs = 60_000) => {
      await until(withinMs, what, async () => (find(events) === true ? true : undefined));
    },
    close: () => abort.abort(),
  };
}

async function readAll(response: Response, into: StreamEvent[]): Promise<void> {
  if (response.body === null) return;
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== undefined) into.push(event);
    }
  }
}

/** WHATWG HTML §9.2.6, as far as a server of ours uses it: one data line an event, comments ignored. */
function parseBlock(block: string): StreamEvent | undefined {
  const fields = new Map(
    block.split("\n").flatMap((line) => {
      const colon = line.indexOf(":");
      return colon < 1 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trimStart()] as const];
    }),
  );
  const data = fields.get("data");
  if (data === undefined) return undefined;
  return { id: fields.get("id"), event: fields.get("event") ?? "message", data: JSON.parse(data) };
}
