import { type Entry, itemText } from "@suar/log";
import { WebSocket } from "ws";

/** An entry as it goes over the wire: built once, the same bytes for every reader of the rendition. */
export type Frames = { webSocket: Buffer; sse: Buffer };

// Ring entries are replaced, not changed, when they are withdrawn: a frame never outlives what it shows.
const built = new WeakMap<Entry, Frames>();

export function framesOf(entry: Entry, realm: string, epoch: string): Frames {
  const known = built.get(entry);
  if (known !== undefined) return known;
  const item = itemText(entry, realm, epoch);
  const frames = {
    webSocket: webSocketFrame(`{"op":"event",${item.slice(1)}`),
    sse: Buffer.from(`id: ${epoch}.${entry.seq}\nevent: item\ndata: ${item}\n\n`),
  };
  built.set(entry, frames);
  return frames;
}

type Framer = { frame(data: Buffer, options: Record<string, unknown>): Buffer[] };

/** A whole unmasked text frame (RFC 6455 §5.2), by the same code that `ws` sends with. */
function webSocketFrame(text: string): Buffer {
  const sender = (WebSocket as unknown as { Sender: Framer }).Sender;
  return Buffer.concat(
    sender.frame(Buffer.from(text), { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true }),
  );
}
