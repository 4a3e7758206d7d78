import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";

/** A server that means harm, on the bare socket: by the path that it is asked for, it answers in one of these ways. */
export type HostileServer = {
  url: string;
  /** Connections that are open now. */
  open(): number;
  close(): Promise<void>;
};

/** `next` is its own word for the page that is asked for. */
type Answer = (socket: Socket, query: URLSearchParams) => void;

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/taxii+json;version=2.1\r\n";
const OPEN = `${HEAD}connection: close\r\n\r\n`;
const MEBIBYTE = 1024 * 1024;
/** Of a hundred million spaces. */
const BOMB = gzipSync(Buffer.alloc(100 * MEBIBYTE, " "));

/** Writes the same again and again: as fast as it is taken, or a part each so many milliseconds. */
function pour(socket: Socket, part: string | Buffer, everyMs = 0): void {
  if (everyMs > 0) {
    const pouring = setInterval(() => socket.write(part), everyMs);
    socket.once("close", () => clearInterval(pouring));
    return;
  }
  const write = (): void => {
    while (!socket.destroyed && socket.write(part));
  };
  socket.on("drain", write);
  write();
}

function page(socket: Socket, value: object): void {
  const body = JSON.stringify(value);
  socket.end(`${HEAD}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}

const sendOn =
  (location: string): Answer =>
  (socket) => {
    socket.end(
      `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
    );
  };

const objectOf = (n: number): object => {
  const id = `indicator--00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
  return { type: "indicator", spec_version: "2.1", id, modified: "2026-01-01T00:00:00.000Z" };
};

/** What each path does; "drip" in its many forms comes more often than a server may be silent. */
const ANSWERS: Record<string, Answer> = {
  "/silent": () => undefined,
  "/endless": (socket) => {
    socket.write(OPEN);
    pour(socket, Buffer.alloc(MEBIBYTE, " "));
  },
  "/drip": (socket) => {
    socket.write(OPEN);
    pour(socket, " ", 200);
  },
  "/drip-headers": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    pour(socket, "a: b\r\n", 200);
  },
  "/early-hints": (socket) => pour(socket, "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", 200),
  "/many-headers": (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    pour(socket, "x-flood: flood\r\n".repeat(1_000));
  },
  "/round": (socket, query) => sendOn(`/round?next=${nextOf(query)}`)(socket, query),
  "/drip-round": (socket) => {
    socket.write("HTTP/1.1 302 Found\r\nlocation: /drip-round\r\nconnection: close\r\n\r\n");
    pour(socket, " ", 200);
  },
  "/private": sendOn("http://10.0.0.1/"),
  "/metadata": sendOn("http://169.254.169.254/latest/meta-data/"),
  "/six": sendOn("http://[::ffff:10.0.0.1]/"),
  "/scheme": sendOn("file:///etc/passwd"),
  "/gopher": sendOn("gopher://127.0.0.1:25/"),
  "/bomb": (socket) =>
    socket.end(
      Buffer.concat([Buffer.from(`${HEAD}content-encoding: gzip\r\nconnection: close\r\n\r\n`), BOMB]),
    ),
  "/codings": (socket) =>
    socket.end(
      `${HEAD}content-encoding: ${Array(100).fill("gzip").join(", ")}\r\nconnection: close\r\n\r\nx`,
    ),
  "/too-long": (socket) =>
    socket.end(`${HEAD}content-length: 1000\r\nconnection: close\r\n\r\n{"type":"bundle"`),
  "/too-short": (socket) => socket.end(`${HEAD}content-length: 10\r\n\r\n{"type":"bundle","objects":[]}`),
  "/empty-pages/": (socket, query) => page(socket, { more: true, next: nextOf(query) }),
  "/circle/": (socket, query) => {
    const at = (Number(nextOf(query)) - 1) % 70;
    page(socket, { more: true, next: String(at + 1), objects: [objectOf(at)] });
  },
  "/without-end/": (socket, query) => {
    const next = nextOf(query);
    page(socket, { more: true, next, objects: [objectOf(1_000 + Number(next))] });
  },
};

function nextOf(query: URLSearchParams): string {
  return String(Number(query.get("next") ?? 0) + 1);
}

const COLLECTION = { id: "9cfa669c-ee94-4ece-afd2-f8edac37d8fd", title: "Theirs", can_read: true };

export async function startHostileServer(): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy()); // who pulls hangs up
    socket.once("data", (data) => answer(socket, data.toString("latin1")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => sockets.size,
    close: async () => await closeAll(server, sockets),
  };
}

/** Where it is asked as TAXII, each path is a collection, whose objects are what it does; as a feed, its manifest. */
function answer(socket: Socket, request: string): void {
  const { pathname, searchParams } = new URL(request.split(" ")[1] ?? "/", "http://hostile");
  const path = pathname.replace(/(?:objects\/|\/manifest\.json)$/, "");
  const answerIt = ANSWERS[path] ?? ANSWERS[path.replace(/\/$/, "")];
  if (answerIt === undefined) sendNothing(socket);
  else if (path === pathname && path.endsWith("/")) page(socket, COLLECTION);
  else answerIt(socket, searchParams);
}

function sendNothing(socket: Socket): void {
  socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
}

async function closeAll(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
}
