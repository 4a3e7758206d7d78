import { StreamEvent } from "@suar/contract";
import { describe, expect, it } from "vitest";
import { wholeLog } from "../../support/api.ts";
import { type LiveReader, openLive } from "../../support/live.ts";
import { openEventStream } from "../event-stream.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

const isCaughtUp = (messages: any[]) => messages.some(({ op }) => op === "caught-up");
const sees = (reader: LiveReader, text: string) =>
  reader.waitFor(text, () => reader.events.some((event) => mentions(event, text)));

export function liveCases(scene: Scene): void {
  describe("live", () => {
    it("reads the whole log by WebSocket, the same items as by pull, and then what comes", async () => {
      const earlier = freshHost("ws-earlier");
      await reportHosts(scene.as("SG"), "?tlp=green", [earlier]);
      await itemWith(scene.as("MY"), earlier);
      const reader = await openLive(scene.url, scene.key("MY", "subscriber"), { after: 0 });
      await reader.waitFor("caught-up", isCaughtUp);
      const pulled = await wholeLog(scene.as("MY", "subscriber"));
      const streamed = reader.events.map(({ op: _op, ...item }) => item);
      expect(streamed.slice(0, pulled.length)).toEqual(pulled.slice(0, streamed.length));
      const later = freshHost("ws-later");
      await reportHosts(scene.as("SG"), "?tlp=green", [later]);
      await sees(reader, later);
      const seqs = reader.events.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      reader.close();
    });

    it("brings each of several readers everything, wherever each of them is connected", async () => {
      const readers = await Promise.all(
        ["MY", "MY", "TH", "PH"].map((member) =>
          openLive(scene.url, scene.key(member, "subscriber"), { after: "latest" }),
        ),
      );
      await Promise.all(readers.map((reader) => reader.waitFor("caught-up", isCaughtUp)));
      const host = freshHost("everywhere");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await Promise.all(readers.map((reader) => sees(reader, host)));
      for (const reader of readers) reader.close();
    });

    it("goes on from a cursor after a drop: nothing twice, nothing left out", async () => {
      const hosts = [freshHost("resumed"), freshHost("resumed"), freshHost("resumed")] as const;
      const key = scene.key("MY", "subscriber");
      const first = await openLive(scene.url, key, { after: "latest" });
      await first.waitFor("caught-up", isCaughtUp);
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[0]]);
      await sees(first, hosts[0]);
      const { cursor } = first.events.at(-1);
      first.close();
      await first.closed;
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[1]]);
      const second = await openLive(scene.url, key, { after: cursor });
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[2]]);
      await sees(second, hosts[2]);
      const seen = [...first.events, ...second.events];
      expect(hosts.map((host) => seen.filter((event) => mentions(event, host)).length)).toEqual([1, 1, 1]);
      second.close();
    });

    it("brings a reader of `latest` that dropped before anything came what was released meanwhile", async () => {
      const key = scene.key("MY", "subscriber");
      const first = await openLive(scene.url, key, { after: "latest" });
      const { cursor, head } = await first.waitFor("subscribed", (all) =>
        all.find(({ op }) => op === "subscribed"),
      );
      expect(cursor).toMatch(new RegExp(`^[a-z0-9]{8}\\.${head}$`));
      first.close();
      await first.closed;
      const host = freshHost("missed");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await itemWith(scene.as("MY"), host);
      const second = await openLive(scene.url, key, { after: cursor });
      await sees(second, host);
      expect(second.messages[0]).toMatchObject({ op: "subscribed", cursor });
      second.close();
    });

    it("gives an event stream an id at once, so that a browser that dropped at once misses nothing", async () => {
      const key = scene.key("TH", "subscriber");
      const first = await openEventStream(scene.url, key, { query: "?after=latest" });
      await first.waitFor("an event", (events) => events.length > 0);
      const opening = first.events[0];
      expect(opening).toMatchObject({ event: "subscribed", id: opening?.data.cursor });
      first.close();
      const host = freshHost("sse-missed");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await itemWith(scene.as("TH"), host);
      const second = await openEventStream(scene.url, key, { lastEventId: opening?.id ?? "" });
      await second.waitFor(host, (events) => events.some(({ data }) => mentions(data, host)));
      second.close();
    });

    it("tells positions when nothing matches, so that a cursor moves on", async () => {
      const reader = await openLive(scene.url, scene.key("MY", "subscriber"), {
        after: "latest",
        filter: { types: ["campaign"] },
      });
      await reader.waitFor("caught-up", isCaughtUp);
      await reportHosts(scene.as("SG"), "?tlp=green", [freshHost("unmatched")]);
      await reader.waitFor("position", (messages) => messages.some(({ op }) => op === "position"));
      expect(reader.events).toEqual([]);
      reader.close();
    });

    it("says the same by SSE as by WebSocket, from the beginning where neither names a place", async () => {
      const key = scene.key("TH", "subscriber");
      const host = freshHost("sse-same");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await itemWith(scene.as("TH"), host);
      const [socket, stream] = await Promise.all([
        openLive(scene.url, key, {}),
        openEventStream(scene.url, key),
      ]);
      await sees(socket, host);
      await stream.waitFor(host, (events) => events.some(({ data }) => mentions(data, host)));
      const items = stream.events.map(({ data }) => data).filter(({ op }) => op === "event");
      expect(items[0]).toMatchObject((await wholeLog(scene.as("TH", "subscriber")))[0]);
      const both = Math.min(items.length, socket.events.length);
      expect(items.slice(0, both)).toEqual(socket.events.slice(0, both));
      for (const event of stream.events) {
        expect(StreamEvent.safeParse(event).error).toBeUndefined();
        expect(event).toMatchObject({ event: event.data.op, id: event.data.cursor });
      }
      socket.close();
      stream.close();
    });

    it("resumes an event stream by Last-Event-ID, which goes before `after`", async () => {
      const key = scene.key("TH", "subscriber");
      const hosts = [freshHost("sse"), freshHost("sse"), freshHost("sse")] as const;
      const has = (host: string) => (events: readonly { data: any }[]) =>
        events.some(({ data }) => mentions(data, host));
      const query = "?after=latest"; // of the address that a browser comes back to
      const first = await openEventStream(scene.url, key, { query });
      expect(first.status).toBe(200);
      await first.waitFor("caught-up", (events) => events.some(({ event }) => event === "caught-up"));
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[0]]);
      await first.waitFor(hosts[0], has(hosts[0]));
      const lastEventId = first.lastId() ?? "";
      first.close();
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[1]]);
      await itemWith(scene.as("TH"), hosts[1]);
      const second = await openEventStream(scene.url, key, { query, lastEventId });
      await reportHosts(scene.as("SG"), "?tlp=green", [hosts[2]]);
      await second.waitFor(hosts[2], has(hosts[2]));
      const counts = hosts.map(
        (host) => [...first.events, ...second.events].filter(({ data }) => mentions(data, host)).length,
      );
      expect(counts).toEqual([1, 1, 1]);
      second.close();
    });

    it("shows by SSE what a filter in the query lets through, and no more", async () => {
      const host = freshHost("sse-filtered");
      const stream = await openEventStream(scene.url, scene.key("TH", "subscriber"), {
        query: `?after=latest&values=${host}`,
      });
      await reportHosts(scene.as("SG"), "?tlp=green", [freshHost("sse-other"), `www.${host}`]);
      await stream.waitFor(host, (events) => events.some(({ data }) => mentions(data, host)));
      expect(stream.events.filter(({ data }) => data.op === "event")).toHaveLength(1);
      stream.close();
    });

    it("lets a browser in by a ticket, once", async () => {
      const { status, body } = await scene.as("MY", "subscriber").post("/v1/live/ticket");
      expect(status).toBe(201);
      const reader = await openLive(scene.url, undefined, { after: "latest" }, `?ticket=${body.ticket}`);
      await reader.waitFor("caught-up", isCaughtUp);
      reader.close();
      await expect(
        openLive(scene.url, undefined, { after: "latest" }, `?ticket=${body.ticket}`),
      ).rejects.toThrow("401");
      await expect(openLive(scene.url, undefined, { after: "latest" })).rejects.toThrow("401");
    });

    it("resets a reader whose cursor is of another epoch, and never leaves a gap in silence", async () => {
      const reader = await openLive(scene.url, scene.key("MY", "subscriber"), { after: "zzzzzzzz.5" });
      const reset = await reader.waitFor("reset", (messages) => messages.find(({ op }) => op === "reset"));
      expect((await reader.closed).code).toBe(4410);
      const again = await openLive(scene.url, scene.key("MY", "subscriber"), { after: reset.oldest });
      await again.waitFor("caught-up", isCaughtUp);
      expect(again.events[0]).toMatchObject((await wholeLog(scene.as("MY", "subscriber")))[0]);
      again.close();
    });
  });
}
