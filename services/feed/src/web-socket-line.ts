import type { Duplex } from "node:stream";
import { CLOSE, formatCursor, type ServerMessage } from "@suar/contract";
import type { WebSocket } from "ws";
import type { Line } from "./connection.ts";
import { framesOf } from "./frame.ts";

/** Bytes that may wait on one socket; a slow reader goes on from the ring when they are gone. */
const MOST_WAITING = 256 * 1024;

/** A reader's WebSocket. Event frames go straight to the socket: they are built already. */
export function webSocketLine(socket: WebSocket, realm: string, drained: () => void): Line {
  const raw = (socket as unknown as { _socket: Duplex })._socket;
  let full = false;
  raw.on("drain", () => {
    if (!full) return;
    full = false;
    drained();
  });
  const took = (): boolean => {
    full = raw.writableLength > MOST_WAITING;
    return !full;
  };
  const say = (message: ServerMessage): boolean => {
    socket.send(JSON.stringify(message));
    return took();
  };
  return {
    channel: "websocket",
    get full() {
      return full;
    },
    sendSubscribed: (head, seq, epoch) =>
      say({ op: "subscribed", head, cursor: formatCursor({ epoch, seq }) }),
    sendEntry: (entry, epoch) => {
      raw.write(framesOf(entry, realm, epoch).webSocket);
      return took();
    },
    sendPosition: (seq, epoch) => say({ op: "position", cursor: formatCursor({ epoch, seq }) }),
    sendCaughtUp: (seq, epoch) => say({ op: "caught-up", cursor: formatCursor({ epoch, seq }) }),
    sendReset: (reason, oldest) => {
      say({ op: "reset", reason, oldest });
      socket.close(CLOSE.reset, reason);
    },
    bye: (code, retry, seq, epoch) => {
      const resume = seq === undefined ? null : formatCursor({ epoch, seq });
      say({ op: "bye", code, resume, afterMs: retry ? Math.round(500 + Math.random() * 2_000) : 0 });
      socket.close(closeCodeOf(code), code);
      setTimeout(() => socket.terminate(), 1_000).unref();
    },
  };
}

function closeCodeOf(code: string): number {
  if (code === "key-revoked" || code === "realm-closed") return CLOSE.unauthenticated;
  return code === "slow" ? CLOSE.slow : CLOSE.shuttingDown;
}
