import { ServerMessage } from "@suar/contract";
import type { Entry } from "@suar/log";
import { describe, expect, it } from "vitest";
import { framesOf } from "./frame.ts";

const EPOCH = "abcd1234";

const entryOf = (body: object): Entry => ({
  seq: 7,
  at: "2026-01-02T03:04:05.000006Z",
  kind: "released",
  isStub: false,
  renditionId: 1,
  audience: new Set([1]),
  producerId: 2,
  producer: "SG",
  tlp: "green",
  stixId: "indicator--1",
  body: JSON.stringify(body),
});

/** The text of one unmasked frame (RFC 6455 §5.2). */
function textOf(frame: Buffer): string {
  const short = frame.readUInt8(1);
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  return frame.subarray(start).toString();
}

describe("framesOf", () => {
  it.each([
    ["a short", { type: "indicator", id: "indicator--1" }],
    ["a long", { type: "indicator", id: "indicator--1", description: "é\n\n".repeat(50_000) }],
  ])("says of %s entry the same by WebSocket and by SSE, and what the contract has", (_size, body) => {
    const { webSocket, sse } = framesOf(entryOf(body), "live", EPOCH);
    const message = textOf(webSocket);
    expect(sse.toString()).toBe(`id: ${EPOCH}.7\nevent: event\ndata: ${message}\n\n`);
    expect(ServerMessage.parse(JSON.parse(message))).toMatchObject({
      op: "event",
      seq: 7,
      cursor: `${EPOCH}.7`,
      realm: "live",
      object: body,
    });
  });

  it("builds once for all readers of an entry, and anew for what takes its place", () => {
    const entry = entryOf({ type: "indicator", id: "indicator--1" });
    expect(framesOf(entry, "live", EPOCH)).toBe(framesOf(entry, "live", EPOCH));
    const withdrawn = { ...entry, body: JSON.stringify({ type: "indicator", id: "indicator--2" }) };
    expect(framesOf(withdrawn, "live", EPOCH).sse.toString()).toContain("indicator--2");
  });
});
