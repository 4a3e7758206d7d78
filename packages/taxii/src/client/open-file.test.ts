import { afterEach, describe, expect, it } from "vitest";
import { type Asked, connectTo, type FakeServer, fakeServer } from "../testing/fake-server.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answer: (asked: Asked) => void): Promise<FakeServer> {
  const server = await fakeServer((asked) => void answer(asked));
  servers.push(server);
  return server;
}

const whole = async (body: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(body)).toString();

describe("a file", () => {
  it("of any type is opened, and said to be unchanged only to who asked whether it is", async () => {
    const { url, asked } = await serve(({ request, response }) => {
      const isKnown = request.headers["if-none-match"] === '"1"' || request.url === "/always";
      response.writeHead(isKnown ? 304 : 200, { etag: '"1"', "content-type": "text/html" });
      response.end(isKnown ? undefined : "a,b");
    });
    const first = await connectTo(url).openFile(new URL("/list?a=1", url), {}, 100);
    expect(first).toMatchObject({ isUnchanged: false, url: new URL("/list?a=1", url) });
    expect(await whole(first.body)).toBe("a,b");
    const again = await connectTo(url).openFile(new URL("/list", url), { "if-none-match": '"1"' }, 100);
    expect(again.isUnchanged).toBe(true);
    again.close();
    await expect(connectTo(url).openFile(new URL("/always", url), {}, 100)).rejects.toMatchObject({
      code: "refused",
    });
    expect(asked[0]?.request.headers).toMatchObject({ accept: "*/*", "user-agent": "Suar/1" });
  });

  it("that is longer than it may be ends with a fault, and tells where it was sent on to", async () => {
    const { url } = await serve(({ request, response }) => {
      if (request.url === "/from") return void response.writeHead(302, { location: "/to" }).end();
      response.writeHead(200).end("x".repeat(101));
    });
    const reply = await connectTo(url).openFile(new URL("/from", url), {}, 100);
    expect(reply.url.pathname).toBe("/to");
    await expect(whole(reply.body)).rejects.toMatchObject({ code: "too-large" });
  });

  it("whose reader has enough is closed at the server, too", async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await serve(({ response }) => {
      response.once("close", () => closed.resolve());
      response.writeHead(200).write("beginning");
    });
    (await connectTo(url).openFile(new URL("/", url), {}, 100)).close();
    await closed.promise;
  });
});
