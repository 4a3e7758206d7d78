import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanText } from "./scan-text.ts";

/* What is looked for in technical values: registry data, command lines, names of files, URLs, subjects of certificates. */

const found = (text: string): string[] =>
  scanText(text, "value").map(({ class: kind, start, end }) => `${kind}:${text.slice(start, end)}`);

describe("numbers of people in values", () => {
  it.each([
    ["https://h.example/reset?phone=91234567&x=1", "phone:91234567"],
    ["https://h.example/a?userPhoneNumber=0812-3456-7890", "phone:0812-3456-7890"],
    ["https://h.example/a?to=%2B6591234567", "phone:%2B6591234567"],
    ["https://h.example/a?mobile%3D0912345678", "phone:0912345678"],
    ["tel:+60123456789", "phone:+60123456789"],
    ["sms.exe --msisdn 84912345678", "phone:84912345678"],
    ["whatsapp_+62 812 3456 7890.zip", "phone:+62 812 3456 7890"],
    ["手机-13812345678.jpg", "phone:13812345678"],
    ["https://h.example/?nik=3174015507900002", "nationalId:3174015507900002"],
    ["KTP_3174015507900002.pdf", "nationalId:3174015507900002"],
    ["C:\\scans\\3174015507900002.jpg", "nationalId:3174015507900002"],
    ["https://h.example/?cccd=001090012345", "nationalId:001090012345"],
    ["ic=900307145678", "nationalId:900307145678"],
    ["mykad 900307-14-5678.png", "nationalId:900307-14-5678"],
    ["C:\\kyc\\900307-14-5678.png", "nationalId:900307-14-5678"],
    ["1-1037-02071-81-1.tif", "nationalId:1-1037-02071-81-1"],
    ["CN=Somebody, idCard=110105491231002", "nationalId:110105491231002"],
    ["nric:S1234567D", "nationalId:S1234567D"],
    ["identity_no=12/345678", "nationalId:12/345678"],
    ["philsys=1234-5678-9012-3456", "nationalId:1234-5678-9012-3456"],
    ["12/OUKAMA(N)123456.pdf", "nationalId:12/OUKAMA(N)123456"],
    ["https://h.example/visa?passport_no=E12345678", "passport:E12345678"],
    ["Passport-K1234567A.pdf", "passport:K1234567A"],
    ["hochieu=B1234567", "passport:B1234567"],
    ["https://h.example/?victim_ip=203.0.113.7&c2=198.51.100.7", "victimIp:203.0.113.7"],
    ["beacon.exe -infected-host 10.20.30.40", "victimIp:10.20.30.40"],
  ])("in %s", (text, what) => {
    expect(found(text)).toEqual([what]);
  });

  it.each([
    ["a date", "https://h.example/?mobile=2024-01-15&phone=2024-01-15"],
    [
      "a UUID",
      "identity--31740155-0790-4002-8234-123456789012 identity_id=12345678-1234-4234-8234-123456789012",
    ],
    ["a UUID's beginning", "id_card=12345678-1234-4234-8234-123456789012"],
    ["a version", "phone-10.0.19041.1 mobile_1.2.3.4"],
    ["nobody's number", "https://h.example/?nik=0000000000000000"],
    ["an operator", "tel=110"],
    ["what only looks dialled", "https://h.example/13812345678 0812345678.bin"],
    ["a hash", `${"1234567890".repeat(3)}ab`],
    ["a hash with a plus in it", "3072:Ab/+6591234567+Cd:ef"],
    ["a relative place", "offset+6591234567"],
    ["milliseconds", "log-1767225600000.txt"],
    ["thirteen digits of a checksum", "1103702071811.tif"],
    ["a key", "fin=20240101 id=1234567 uid=987654321"],
    ["an attacker's address", "c2=198.51.100.7&host=198.51.100.8"],
    ["a security identifier", "S-1-5-21-3623811015-3361044348-303002"],
  ])("not in %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it("and in the URLs of a text", () => {
    const text = "See https://h.example/reset?phone=91234567 for it";
    expect(scanText(text, "prose").map(({ start, end }) => text.slice(start, end))).toEqual(["91234567"]);
  });
});

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
const two = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, "0"));
const PEOPLE = {
  phone: fc.tuple(fc.constantFrom("8", "9"), digits(7)).map(([first, rest]) => `+65${first}${rest}`),
  nik: fc
    .tuple(fc.constantFrom("3174", "1271", "5103"), two(1, 20), two(1, 28), two(1, 12), digits(2), two(1, 99))
    .map(
      ([place, district, day, month, year, order]) => `${place}${district}${day}${month}${year}00${order}`,
    ),
  mykad: fc
    .tuple(digits(2), two(1, 12), two(1, 28), two(1, 16), digits(4))
    .map(([year, month, day, place, order]) => `${year}${month}${day}-${place}-${order}`),
};
const CARRIERS: readonly ((value: string) => string)[] = [
  (value) => `https://h.example/a?x=${encodeURIComponent(value)}&y=1`,
  (value) => `C:\\scans\\${value}.pdf`,
  (value) => `scan_${value}_front.png`,
  (value) => `upload.exe --file "${value}"`,
  (value) => `CN=${value}, OU=Staff`,
];

describe("of generated people", () => {
  it.each(Object.entries(PEOPLE))("%s is found in nearly all carriers", (_, person) => {
    const all = fc.sample(fc.tuple(person, fc.constantFrom(...CARRIERS)), { numRuns: 600, seed: 1 });
    const known = all.filter(([value, carrier]) => found(carrier(value)).length === 1);
    // The numbering plan knows that some eight digits of Singapore are nobody's.
    expect(known.length / all.length).toBeGreaterThan(0.9);
  });
});

/* Of machine values, each made of random digits: what share looks like somebody's number. docs/personal-data.md has these. */
const MACHINES: readonly (readonly [string, fc.Arbitrary<string>, number])[] = [
  ["hashes", fc.stringMatching(/^[0-9a-f]{64}$/), 0],
  ["ssdeep", fc.stringMatching(/^\d{2,5}:[A-Za-z0-9+/]{40}:[A-Za-z0-9+/]{30}$/), 0],
  ["UUIDs", fc.uuid(), 0],
  ["serial numbers", fc.stringMatching(/^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/), 0],
  [
    "ids of 8 to 14 digits in URLs",
    fc.stringMatching(/^\d{8,14}$/).map((id) => `http://h.example/a?id=${id}`),
    0,
  ],
  ["names of files of 16 digits", digits(16).map((id) => `file_${id}.bin`), 0.04],
  ["keys of four groups of four", fc.stringMatching(/^\d{4}(?:-\d{4}){3}$/), 0.04],
];

describe("of machines' values", () => {
  it.each(MACHINES)("%s are hardly ever taken for people's", (_, value, most) => {
    const all = fc.sample(value, { numRuns: 3_000, seed: 1 });
    expect(all.filter((text) => found(text).length > 0).length / all.length).toBeLessThanOrEqual(most);
  });
});

const CORPUS = fileURLToPath(new URL("../../../../../../shared/corpus/", import.meta.url));

describe.skipIf(!existsSync(CORPUS))("of the feeds of others", () => {
  it("no string is taken for somebody's number", () => {
    const folders = readdirSync(CORPUS).filter((name) => !name.includes("."));
    const files = folders.flatMap((folder) =>
      readdirSync(`${CORPUS}${folder}`).map((name) => `${CORPUS}${folder}/${name}`),
    );
    const texts: string[] = [];
    const collect = (value: unknown): void => {
      if (typeof value === "string") texts.push(value);
      else if (typeof value === "object" && value !== null)
        for (const member of Object.values(value)) collect(member);
    };
    for (const file of files.filter((name) => name.endsWith(".json")))
      collect(JSON.parse(readFileSync(file, "utf8")));
    expect(texts.length).toBeGreaterThan(10_000);
    expect(texts.flatMap(found).filter((what) => !what.startsWith("email:"))).toEqual([]);
  });
});
