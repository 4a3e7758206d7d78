import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { REPORT_KINDS } from "../shadowserver/reports.ts";

const fixture = (path: string): Buffer => readFileSync(resolve(import.meta.dirname, "..", path));
const MEGABYTE = 1024 * 1024;
const half = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
/** What is written in one encoding and is said, or taken, to be in another. */
const latin = (bytes: Buffer): Buffer =>
  Buffer.concat([half(bytes), Buffer.from([0xe9, 0xff, 0xc3]), bytes.subarray(Math.floor(bytes.length / 2))]);
const csaf = fixture("csaf/fixtures/advisory-2.0.json");
const iodef = fixture("iodef/fixtures/incident-v2.xml");
const openioc = fixture("openioc/fixtures/ioc-1.0.xml");
const mail = fixture("email/fixtures/phish-with-attachment.eml");
const xarf = fixture("xarf/fixtures/login-attack.eml");
const header = REPORT_KINDS.find(({ name }) => name === "scan_mongodb")?.columns.join(",") ?? "";
const BOMB = `<!DOCTYPE x [<!ENTITY a "${"a".repeat(1000)}">${Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? "" : n - 1};`.repeat(20)}">`).join("")}]>`;

type Inputs = Readonly<Record<string, () => Buffer>>;

/** Inputs that are made to hurt: each has to end within its time and memory, with a problem that says where. */
export const HOSTILE: Readonly<Record<string, Inputs>> = {
  csaf: {
    "cut off": () => half(csaf),
    "wrong types": () =>
      Buffer.from(
        csaf
          .toString()
          .replace('"P2"', "7")
          .replace(/"scores": \[/, '"scores": 7, "x": ['),
      ),
    "wrong encoding": () => latin(csaf),
    deep: () => Buffer.from(`{"document":${'{"a":'.repeat(100_000)}`),
    "many branches": () =>
      Buffer.from(
        `{"document":{"title":"x"},"product_tree":{"branches":[${'{"name":[]},'.repeat(100_000)}{}]}}`,
      ),
    "a long text": () =>
      Buffer.from(JSON.stringify({ document: { title: "x", notes: [{ text: "TLP ".repeat(MEGABYTE) }] } })),
  },
  iodef: {
    "cut off": () => half(iodef),
    "wrong types": () => Buffer.from(iodef.toString().replace("192.0.2.200", "none").replace("2.00", "x")),
    "wrong encoding": () => latin(iodef),
    "an entity bomb": () => Buffer.from(iodef.toString().replace("<IODEF", `${BOMB}<IODEF`)),
    "an endless doctype": () =>
      Buffer.from(`<?xml version="1.0"?><!DOCTYPE x [${"<!-- -->".repeat(MEGABYTE)}`),
    "an external entity": () => Buffer.from('<!DOCTYPE x SYSTEM "file:///etc/passwd"><IODEF-Document/>'),
    deep: () => Buffer.from(`<IODEF-Document><Incident>${"<EventData>".repeat(500_000)}`),
    "many elements": () => Buffer.from(`<IODEF-Document><Incident>${"<a/>".repeat(1_000_000)}`),
    "many attributes": () =>
      Buffer.from(
        `<IODEF-Document><Incident ${Array.from({ length: 50_000 }, (_, n) => `a${n}=""`).join(" ")}>`,
      ),
  },
  openioc: {
    "cut off": () => half(openioc),
    "wrong types": () =>
      Buffer.from(
        openioc.toString().replace("[100 TO 200]", "large").replace("d41d8cd98f00b204e9800998ecf8427e", "x"),
      ),
    "wrong encoding": () => latin(openioc),
    "an entity bomb": () => Buffer.from(openioc.toString().replace("<ioc", `${BOMB}<ioc`)),
    "ranges of blanks": () =>
      Buffer.from(
        `<ioc><definition>${`<IndicatorItem condition="is"><Context search="FileItem/SizeInBytes"/><Content>a${" ".repeat(8_000)}b</Content></IndicatorItem>`.repeat(300)}</definition></ioc>`,
      ),
    "many alternatives": () =>
      Buffer.from(`<ioc><definition>${'<IndicatorItem condition="x"/>'.repeat(150_000)}</definition></ioc>`),
  },
  email: {
    "cut off": () => half(mail),
    "no header": () => Buffer.from("\0\x01\x02".repeat(1000)),
    "wrong encoding": () => Buffer.concat([Buffer.from("Subject: \xff\xfe\r\n", "latin1"), mail]),
    "a zip bomb": () =>
      Buffer.from(mail.toString().replace("UEsDBAo=", `${"A".repeat(76)}\n`.repeat(100_000))),
    "many parts": () =>
      Buffer.from(
        `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n${"--b\n\nx\n".repeat(200_000)}`,
      ),
    "parts within parts": () =>
      Buffer.from(
        `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n\n${Array.from({ length: 5000 }, (_, n) => `--b${n}\nContent-Type: multipart/mixed; boundary=b${n + 1}\n\n`).join("")}`,
      ),
    "a date of brackets": () =>
      Buffer.from(`Message-ID: <x>\nFrom: a@b.example\nDate: ${"Z(".repeat(100_000)}\n\nx`),
    "a text of blanks": () =>
      Buffer.from(
        `Message-ID: <x>\nFrom: a@b.example\nDate: now\n\n${`x${" ".repeat(1_990)}x\n`.repeat(200)}`,
      ),
    "a long header": () => Buffer.from(`Message-ID: <x>\nX-A: ${"a ".repeat(2 * MEGABYTE)}\n\nx`),
    "tags without end": () =>
      Buffer.from(
        `Message-ID: <x>\nFrom: a@b.example\nContent-Type: text/html\nX-Original-To: x\n\n${"<a href=x><!--".repeat(200_000)}`,
      ),
  },
  xarf: {
    "cut off": () => half(xarf),
    "wrong types": () => Buffer.from(xarf.toString().replace("Source: 192.0.2.44", "Source: [1, 2]")),
    "wrong encoding": () =>
      Buffer.from(xarf.toString().replace("Category: abuse", "Category: \ufffe: : abuse")),
    "a date of brackets": () =>
      Buffer.from(xarf.toString().replace(/\nDate: Fri, 02.*/, `\nDate: ${"Z(".repeat(45_000)}`)),
    "many beginnings": () =>
      Buffer.from(
        `From: a@b.example\nMessage-ID: <x>\nX-ARF: yes\n\n${`Category: abuse\n${" \n".repeat(280)}`.repeat(50)}`,
      ),
    "aliases of aliases": () =>
      Buffer.from(
        `Reported-From: a\nCategory: b\nReport-Type: c\nSource: d\nSchema-URL: e\na0: &a0 [x]\n${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join("\n")}`,
      ),
    depth: () =>
      Buffer.from(
        `Reported-From: a\nCategory: b\nReport-Type: c\nSource: d\nSchema-URL: ${"[".repeat(50_000)}`,
      ),
  },
  shadowserver: {
    "cut off": () => Buffer.from(`${header}\n"2026-01-02 03:04:05","high","192.0.2.`),
    "wrong types": () => Buffer.from(`${header}\nx,y,z\n`),
    "wrong encoding": () => latin(Buffer.from(`${header}\n2026-01-02 03:04:05,high,192.0.2.1\n`)),
    "many columns": () => Buffer.from(`${header}\n${",".repeat(2 * MEGABYTE)}\n`),
    "another table": () => Buffer.from("a,b\n1,2\n"),
  },
};
