import { request } from "node:http";
import type { Socket } from "node:net";
import { UPGRADE } from "./raw-request.ts";

/** A client's frame as it should be (RFC 6455 §5.2): whole, masked, the shortest length. Spoil it as you like. */
export function clientFrame(
  firstByte: number,
  payload: string | Buffer = "",
  { masked = true } = {},
): Buffer {
  const bytes = Buffer.from(payload);
  const mask = Buffer.from([1, 2, 3, 4]);
  const maskBit = masked ? 0x80 : 0;
  const head =
    bytes.length < 126
      ? Buffer.from([firstByte, maskBit | bytes.length])
      : Buffer.from([firstByte, maskBit | 126, bytes.length >> 8, bytes.length & 0xff]);
  if (!masked) return Buffer.concat([head, bytes]);
  return Buffer.concat([head, mask, bytes.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

/** Opens a WebSocket by hand, writes bytes, and reads the code of the server's close frame; undefined without one. */
export async function closeCodeAfter(url: string, key: string, bytes: Buffer): Promise<number | undefined> {
  const socket = await upgrade(url, key);
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  socket.on("error", () => undefined); // cut off is ended, too
  socket.write(bytes);
  await new Promise<void>((resolve) => {
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on("close", () => resolve());
  });
  return closeCodeIn(Buffer.concat(parts));
}

/** Opens a WebSocket by hand, writes bytes, and is gone. */
export async function hangUpAfter(url: string, key: string, bytes: Buffer): Promise<void> {
  const socket = await upgrade(url, key);
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.resetAndDestroy();
}

/** The bare socket of an accepted WebSocket. */
export async function upgrade(url: string, key: string): Promise<Socket> {
  return await new Promise((resolve, reject) => {
    const headers = { ...UPGRADE, authorization: `Bearer ${key}` };
    const sent = request(`${url}/v1/live`, { headers, agent: false });
    sent.on("upgrade", (_response, socket) => resolve(socket as Socket));
    sent.on("response", ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)));
    sent.on("error", reject);
    sent.end();
  });
}

const FINAL_CLOSE = 0x88;

/** Before a subscription the server says nothing, so that its first frame is the close. */
function closeCodeIn(bytes: Buffer): number | undefined {
  return bytes[0] === FINAL_CLOSE && bytes.length >= 4 ? bytes.readUInt16BE(2) : undefined;
}
