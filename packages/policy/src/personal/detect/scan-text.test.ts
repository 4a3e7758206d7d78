import { describe, expect, it } from "vitest";
import { scanText } from "./scan-text.ts";

/** What is found, as `class:text`. */
function found(text: string): string[] {
  return scanText(text, "prose").map((span) => `${span.class}:${text.slice(span.start, span.end)}`);
}

/* Check digits, worked out from the issuers' rules in another way than the detectors do. */

/** ISO 7064 MOD 11-2 as the standard's pure recursion has it. */
function withMod11(digits: string): string {
  let rest = 0;
  for (const digit of digits) rest = ((rest + Number(digit)) * 2) % 11;
  const check = (12 - rest) % 11;
  return digits + (check === 10 ? "X" : String(check));
}

/** The last digit that makes the weighted sum of all thirteen, less the check's own weight, right. */
function withThaiCheck(digits: string): string {
  const weighted = [...digits].map((digit, index) => Number(digit) * (13 - index));
  const modulo = weighted.reduce((a, b) => (a + b) % 11, 0);
  return digits + [1, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1][modulo];
}

function withNricCheck(series: "S" | "T" | "F" | "G" | "M", digits: string): string {
  const start = { S: 0, F: 0, T: 4, G: 4, M: 3 }[series];
  let sum = start;
  [2, 7, 6, 5, 4, 3, 2].forEach((weight, index) => {
    sum += weight * Number(digits.charAt(index));
  });
  const rest = sum % 11;
  if (series === "M") return series + digits + "KLJNPQRTUWX".charAt(rest);
  const letters = series === "S" || series === "T" ? "ABCDEFGHIZJ" : "KLMNPQRTUWX";
  return series + digits + letters.charAt(10 - rest);
}

const RESIDENT = withMod11("11010519900307231");
const RESIDENT_X = withMod11("44030819880229005");
const THAI = withThaiCheck("310060044563");
const NRICS = [
  withNricCheck("S", "1234567"),
  withNricCheck("T", "0234568"),
  withNricCheck("F", "7654321"),
  withNricCheck("G", "1029384"),
  withNricCheck("M", "1122334"),
];

describe("identity numbers", () => {
  it.each([
    ["CN", `身份证号${RESIDENT}，请核实`, RESIDENT],
    ["CN, X", `ID ${RESIDENT_X}.`, RESIDENT_X],
    ["CN, x", RESIDENT_X.toLowerCase(), RESIDENT_X.toLowerCase()],
    [
      "CN between low lines",
      `cv_${RESIDENT.slice(0, 6)}_${RESIDENT.slice(6, 14)}_${RESIDENT.slice(14)}.docx`,
      `${RESIDENT.slice(0, 6)}_${RESIDENT.slice(6, 14)}_${RESIDENT.slice(14)}`,
    ],
    ["CN in a file's name", `lure_${"x"} 简历-${RESIDENT}.docx`, RESIDENT],
    ["CN, old", "旧证 110105900307231 号", "110105900307231"],
    ["TH", `บัตรประชาชน ${THAI} ของผู้เสียหาย`, THAI],
    ["TH, alone", THAI, THAI],
    ["MY", "IC 900307-14-5678 was used", "900307-14-5678"],
    ["MY, one group", "MyKad: 900307145678", "900307145678"],
    ["ID", "NIK 3171014703900001", "3171014703900001"],
    ["ID, of a man", "ktp 3171010703900001", "3171010703900001"],
    ["VN", "CCCD số 001190000123 của nạn nhân", "001190000123"],
    ["VN, without a word", "001190000123", "001190000123"],
    ["MM", "12/MaYaKa(N)123456", "12/MaYaKa(N)123456"],
    ["MM, in Burmese", "မှတ်ပုံတင်အမှတ် ၁၂/မရက(နိုင်)၁၂၃၄၅၆ ကိုင်ဆောင်သူ", "၁၂/မရက(နိုင်)၁၂၃၄၅၆"],
    ["PH, PhilSys", "PhilSys PCN 1234-5678-9012-3456", "1234-5678-9012-3456"],
    ["PH, UMID", "UMID CRN: 0111-1234567-8", "0111-1234567-8"],
    ["PH, TIN", "TIN: 123-456-789-000", "123-456-789-000"],
    ["KH", "អត្តសញ្ញាណប័ណ្ណ ០១២៣៤៥៦៧៨", "០១២៣៤៥៦៧៨"],
    ["LA", "ບັດປະຈຳຕົວ: 12-345678", "12-345678"],
    ["BN", "kad pintar no. 01-123456", "01-123456"],
    ["TL", "bilhete de identidade 1234567", "1234567"],
    ["in Tamil", "அடையாள அட்டை 123456789", "123456789"],
  ])("of %s", (_, text, number) => {
    expect(found(text)).toEqual([`nationalId:${number}`]);
  });

  it.each(NRICS)("of SG: %s", (nric) => {
    expect(found(`NRIC ${nric}, of a customer`)).toEqual([`nationalId:${nric}`]);
    expect(found(`客户${nric}的`)).toEqual([`nationalId:${nric}`]);
    expect(found(`${nric.slice(0, 1)} ${nric.slice(1, 8)} ${nric.slice(8)}`)).toHaveLength(1);
    expect(found(`see https://evil.example/${nric}/a`)).toEqual([`nationalId:${nric}`]);
  });

  it("are not what has another check", () => {
    for (const number of [RESIDENT, RESIDENT_X]) {
      const others = [..."0123456789X"].filter((check) => check !== number.at(-1));
      for (const check of others) expect(found(number.slice(0, -1) + check)).toEqual([]);
    }
    for (const check of [..."0123456789"].filter((digit) => digit !== THAI.at(-1)))
      expect(found(THAI.slice(0, -1) + check)).toEqual([]);
    for (const nric of NRICS) {
      const others = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => letter !== nric.at(-1));
      for (const check of others) expect(found(nric.slice(0, -1) + check)).toEqual([]);
    }
  });

  it.each([
    ["a day that there is not", withMod11("11010519900231231")],
    ["a province that there is not", withMod11("99010519900307231")],
    ["more digits before", `9${RESIDENT}`],
    ["more digits behind", `${RESIDENT}9`],
    ["letters before", `ab${RESIDENT}`],
    ["no such day in Malaysia", "900230-14-5678"],
    ["no such place in Malaysia", "900307-00-5678"],
    ["no such province in Indonesia", "9971014703900001"],
    ["a century without anybody", "001990000123"],
  ])("are not those with %s", (_, text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("addresses", () => {
  it.each([
    ["mail bob.o-neil+x@mail.example.com now", "bob.o-neil+x@mail.example.com"],
    ["联系zhang.san@example.cn。", "zhang.san@example.cn"],
    ["<victim@example.org>", "victim@example.org"],
    ["a[at]example[.]com", "a[at]example[.]com"],
    ["a (at) example (dot) com", "a (at) example (dot) com"],
    ["a at example dot com", "a at example dot com"],
    ["ａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "ａ＠ｅｘａｍｐｌｅ．ｃｏｍ"],
    ["a\u200b@exam\u00adple.com", "a\u200b@exam\u00adple.com"],
    ["ผู้ใช้ a@example.co.th ครับ", "a@example.co.th"],
    ["用户@例子.中国", "用户@例子.中国"],
    ['"john doe"@example.com', '"john doe"@example.com'],
    ["https://evil.example/?e=victim@example.com&x=1", "victim@example.com"],
    ["mailto:victim@example.com", "victim@example.com"],
    ["root@[192.0.2.1]", "root@[192.0.2.1]"],
    ["https://evil.example/?e=victim%40example.com&x=1", "victim%40example.com"],
    ["https://evil.example/?e=victim%2540mail%252eexample.com", "victim%2540mail%252eexample.com"],
    ["victim&#64;example&#x2E;com", "victim&#64;example&#x2E;com"],
    ["victim\\u0040example.com or more", "victim\\u0040example.com"],
    ["https://evil.example/#dmljdGltQGV4YW1wbGUuY29t", "dmljdGltQGV4YW1wbGUuY29t"],
    ["https://evil.example/dD12aWN0aW1AZXhhbXBsZS5jb20=/a", "dD12aWN0aW1AZXhhbXBsZS5jb20="],
  ])("in %s", (text, address) => {
    expect(found(text)).toEqual([`email:${address}`]);
  });

  it.each([
    "lodash@4.17.21",
    "https://paypal.example@evil.example/",
    "@handle and @other",
    "a @ b",
    "look at example.com",
    "SELECT @@version",
    "abcdefghijklmnopabcd@redacted.invalid",
  ])("not in %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("telephone numbers", () => {
  it.each([
    ["call +65 6123 4567", "+65 6123 4567"],
    ["(+62) 812-3456-7890", "(+62) 812-3456-7890"],
    ["0086 138 1234 5678", "0086 138 1234 5678"],
    ["手机13812345678。", "13812345678"],
    ["１３８-１２３４-５６７８", "１３８-１２３４-５６７８"],
    ["โทร ๐๘๑-๒๓๔-๕๖๗๘", "๐๘๑-๒๓๔-๕๖๗๘"],
    ["sđt 0912 345 678".normalize("NFD"), "0912 345 678"],
    ["điện thoại: 024 3825 1234", "024 3825 1234"],
    ["ဖုန်း ၀၉ ၇၈၁ ၂၃၄ ၅၆၇", "၀၉ ၇၈၁ ၂၃၄ ၅၆၇"],
    ["தொலைபேசி ௦௧௨-௩௪௫ ௬௭௮௯", "௦௧௨-௩௪௫ ௬௭௮௯"],
    ["ទូរស័ព្ទ ០១២ ៣៤៥ ៦៧៨", "០១២ ៣៤៥ ៦៧៨"],
    ["hp 9123 4567", "9123 4567"],
    ["telefon 03-2161 1234", "03-2161 1234"],
    ["138\u200b1234\u20605678", "138\u200b1234\u20605678"],
    ["mobile 0917 123 4567", "0917 123 4567"],
    ["tel: +1 202-456-1111", "+1 202-456-1111"],
    ["020 5512 3456", "020 5512 3456"],
    ["telefone +670 7723 4567", "+670 7723 4567"],
    ["call +673 712 3456", "+673 712 3456"],
  ])("in %s", (text, number) => {
    expect(found(text)).toEqual([`phone:${number}`]);
  });

  it.each([
    "+65 1",
    "+999 1234 5678",
    "12345",
    "tel. 110",
    "key a+6561234567",
    "0000000000",
    "call me in 2024",
  ])("not in %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("passports", () => {
  it.each([
    ["passport E12345678", "E12345678"],
    ["Passport No: EA1234567", "EA1234567"],
    ["护照号 E 1234 5678", "E 1234 5678"],
    ["passport number K1234567A", "K1234567A"],
    ["pasport A12345678", "A12345678"],
    ["หนังสือเดินทาง AA1234567", "AA1234567"],
    ["hộ chiếu số B1234567".normalize("NFD"), "B1234567"],
    ["pasaporte P1234567A", "P1234567A"],
    ["លិខិតឆ្លងដែន N01234567", "N01234567"],
    ["passaporte C123456", "C123456"],
  ])("in %s", (text, number) => {
    expect(found(text)).toEqual([`passport:${number}`]);
  });

  it("need a word: the shape alone is anything", () => {
    expect(found("firmware E12345678 and sample A1234567")).toEqual([]);
  });
});

describe("victims' addresses", () => {
  it.each([
    ["victim 192.0.2.1 contacted C2 198.51.100.7", ["192.0.2.1"]],
    ["Infected hosts: 192.0.2.1, 192.0.2.2 and 192.0.2.3", ["192.0.2.1", "192.0.2.2", "192.0.2.3"]],
    ["受害主机 192.0.2[.]10 已下线", ["192.0.2[.]10"]],
    ["IP mangsa ialah 192.0.2.4", ["192.0.2.4"]],
    ["เหยื่อ: 192.0.2.5", ["192.0.2.5"]],
    ["nạn nhân 192.0.2.6".normalize("NFD"), ["192.0.2.6"]],
    ["vítima 192.0.2.7", ["192.0.2.7"]],
    ["သားကောင် ၁၉၂.၀.၂.၈", ["၁၉၂.၀.၂.၈"]],
    ["compromised server 2001:db8::17", ["2001:db8::17"]],
    ["biktima 192.0.2.9", ["192.0.2.9"]],
    ["ជនរងគ្រោះ 192.0.2.11", ["192.0.2.11"]],
    ["ຜູ້ເຄາະຮ້າຍ 192.0.2.12", ["192.0.2.12"]],
    ["பாதிக்கப்பட்ட 192.0.2.13", ["192.0.2.13"]],
  ])("in %s", (text, addresses) => {
    expect(found(text)).toEqual(addresses.map((address) => `victimIp:${address}`));
  });

  it.each([
    "C2 at 192.0.2.1",
    "192.0.2.1",
    "affected versions 7.0.0.1 to 7.2.0.3",
    "The victim opened it. Attackers used 192.0.2.1",
    "infected by malicious server 192.0.2.1",
  ])("not in %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

describe("what is nobody's", () => {
  it.each([
    ["a SHA-256", "275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f"],
    ["an MD5 of digits", "12345678901234567890123456789012"],
    ["CVE ids", "call CVE-2024-61234567, CVE-2024-1234567 and CVE-2021-44228, cve-2017-0144"],
    ["ports", "80, 443, 8080, 8443 and 80 443 8080 8443 3389"],
    [
      "times",
      "2024-01-02T03:04:05.678Z 2024-01-02 10:15:30 02/01/2024 20240102T101530Z 1732257600 1732257600123",
    ],
    ["versions", "10.0.19041.1234, v2.17.1, 6.4.0-150600.23.14, KB5034441"],
    [
      "STIX ids",
      "indicator--12345678-1234-4123-8123-123456789012 and bundle--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
    ],
    ["AS numbers", "AS13335 AS 4134 ASN 131072"],
    ["addresses and networks", "192.0.2.1 198.51.100.0/24 2001:db8::1 203.0.113.7:8080"],
    ["domains", "evil.example a1b2c3.example.org 163.com 13812345.example"],
    ["base64", "MTM4MTIzNDU2Nzg5MDEyMw== dGhpcyBpcyBhIHRlc3QrMTM4MTIzNDU2Nzg/"],
    ["wallets", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"],
    ["MAC addresses", "00:1a:2b:3c:4d:5e 00-11-22-33-44-55"],
    [
      "numbers in URLs that nothing names",
      "http://evil.example/13812345678/0812345678 hxxps://x.example/a?t=0912345678 evil.example/13812345678",
    ],
    ["advisories", "ICSA-24-011-03 MS17-010 RHSA-2024:123456 SNORT SID 1:2019401"],
    ["registry keys", "HKEY_LOCAL_MACHINE\\SOFTWARE\\{12345678-1234-1234-1234-123456789012}"],
    ["sizes and offsets", "size 1048576 offset 0x00401000 pid 12345"],
    ["ATT&CK", "T1059.001 TA0002 S0002 G0016"],
  ])("%s", (_, text) => {
    expect(found(text)).toEqual([]);
  });
});
