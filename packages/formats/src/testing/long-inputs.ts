import { REPORT_KINDS } from "../shadowserver/reports.ts";

const header = REPORT_KINDS.find(({ name }) => name === "scan_mongodb")?.columns ?? [];

function row(n: number): string {
  const cells: Readonly<Record<string, string>> = {
    timestamp: "2026-01-02 03:04:05",
    severity: "high",
    ip: address(n),
    protocol: "tcp",
    port: "27017",
    hostname: `h${n}.example.com`,
    tag: "mongodb",
    asn: "64496",
    geo: "SG",
  };
  return `${header.map((column) => cells[column] ?? "x".repeat(10)).join(",")}\n`;
}

function event(n: number): string {
  const uuid = (part: number): string => `00000000-0000-4000-8000-${String(part).padStart(12, "0")}`;
  const Attribute = Array.from({ length: 100 }, (_, at) => ({
    uuid: uuid(n * 1_000 + at),
    type: "domain",
    category: "Network activity",
    to_ids: true,
    value: `d${n}-${at}.example.com`,
    comment: "x".repeat(200),
  }));
  return JSON.stringify({
    Event: { uuid: uuid(n), info: `Event ${n}`, Tag: [{ name: "tlp:green" }], Attribute },
  });
}

function address(n: number): string {
  return `${1 + (n % 200)}.${(n >> 8) % 256}.${n % 256}.${(n >> 16) % 256}`;
}

const VALUES = [
  address,
  (n: number): string => `host-${n}.long.example`,
  (n: number): string => `http://www-${n}.long.example/path/${n}`,
];

/** As lists come: values of several kinds, a line each, none of them twice. */
function line(n: number): string {
  return `${VALUES[n % VALUES.length]?.(n)}\n`;
}

function tableLine(n: number): string {
  return `${VALUES[n % VALUES.length]?.(n)},Seen in campaign ${n % 1_000},${n % 100},phishing;kit-${n % 50}\n`;
}

/** Inputs as long as one likes, made while they are read. */
export const LONG: Readonly<Record<string, (bytes: number) => AsyncGenerator<Uint8Array>>> = {
  text: (bytes) => made(bytes, "", line, ""),
  csv: (bytes) => made(bytes, "value,description,confidence,labels\n", tableLine, ""),
  shadowserver: (bytes) => made(bytes, `${header.join(",")}\n`, row, ""),
  misp: (bytes) => made(bytes, '{"response":[', (n) => (n === 0 ? "" : ",") + event(n), "]}"),
};

async function* made(
  bytes: number,
  begin: string,
  part: (n: number) => string,
  end: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(begin);
  for (let n = 0, size = 0; size < bytes; n++) {
    let text = "";
    for (; text.length < 65_536; n++) text += part(n);
    n -= 1;
    size += text.length;
    yield Buffer.from(text);
  }
  yield Buffer.from(end);
}
