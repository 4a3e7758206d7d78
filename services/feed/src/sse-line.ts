import type { ServerResponse } from "node:http";
import { formatCursor, type StreamMessage } from "@suar/contract";
import type { Line } from "./connection.ts";
import { framesOf } from "./frame.ts";

const MOST_WAITING = 256 * 1024;

/**
 * A reader's event stream (WHATWG server-sent events): what a WebSocket would say, each under its `op`. `id:` is
 * the cursor, so a browser resumes by itself.
 */
export function sseLine(response: ServerResponse, realm: string, drained: () => void): Line {
  let full = false;
  response.on("drain", () => {
    full = false;
    drained();
  });
  const took = (): boolean => {
    full = response.writableLength > MOST_WAITING;
    return !full;
  };
  const say = (message: StreamMessage, cursor?: string): boolean => {
    response.write(
      `${cursor === undefined ? "" : `id: ${cursor}\n`}event: ${message.op}\ndata: ${JSON.stringify(message)}\n\n`,
    );
    return took();
  };
  return {
    channel: "sse",
    get full() {
      return full;
    },
    sendSubscribed: (head, seq, epoch) => {
      const cursor = formatCursor({ epoch, seq });
      say({ op: "subscribed", head, cursor }, cursor);
    },
    sendEntry: (entry, epoch) => {
      response.write(framesOf(entry, realm, epoch).sse);
      return took();
    },
    sendPosition: (seq, epoch) => {
      const cursor = formatCursor({ epoch, seq });
      return say({ op: "position", cursor }, cursor);
    },
    sendCaughtUp: (seq, epoch) => {
      const cursor = formatCursor({ epoch, seq });
      return say({ op: "caught-up", cursor }, cursor);
    },
    sendReset: (reason, oldest) => {
      say({ op: "reset", reason, oldest });
      response.end();
    },
    bye: (code, retry, seq, epoch) => {
      const afterMs = retry ? Math.round(500 + Math.random() * 2_000) : 0;
      const resume = seq === undefined ? null : formatCursor({ epoch, seq });
      if (retry) response.write(`retry: ${afterMs}\n`);
      say({ op: "bye", code, resume, afterMs });
      response.end();
    },
  };
}
