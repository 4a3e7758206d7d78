import { type Entry, itemText } from "@suar/log";
import * as ws from "ws";

/**
 * An entry as it goes over the wire: built once, the same bytes for every reader of the rendition. Both protocols
 * carry the same text, so that whoever reads the one can read the other.
 */
export type Frames = { webSocket: Buffer; sse: Buffer };

// Ring entries are replaced, not changed, when they are withdrawn: a frame never outlives what it shows.
const built = new WeakMap<Entry, Frames>();

export function framesOf(entry: Entry, realm: string, epoch: string): Frames {
  const known = built.get(entry);
  if (known !== undefined) return known;
  const message = `{"op":"event",${itemText(entry, realm, epoch).slice(1)}`;
  const frames = {
    webSocket: webSocketFrame(message),
    sse: Buffer.from(`id: ${epoch}.${entry.seq}\nevent: event\ndata: ${message}\n\n`),
  };
  built.set(entry, frames);
  return frames;
}

type Framer = { frame(data: Buffer, options: Record<string, unknown>): Buffer[] };

// An export of `ws` that its types leave out.
const { Sender } = ws as unknown as { Sender: Framer };

/** A whole unmasked text frame (RFC 6455 §5.2), by the same code that `ws` sends with. */
function webSocketFrame(text: string): Buffer {
  return Buffer.concat(
    Sender.frame(Buffer.from(text), { fin: true, opcode: 1, mask: false, rsv1: false, readOnly: true }),
  );
}
