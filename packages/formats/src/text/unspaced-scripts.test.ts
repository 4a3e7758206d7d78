import { expect, it } from "vitest";
import { findValues } from "./find-values.ts";

const found = (line: string): string[] =>
  [...findValues(line)].map(({ kind, canonical }) => `${kind} ${canonical}`);

/** Chinese, Japanese, Thai, Lao, Khmer and Burmese put no spaces between words. */
it.each([
  ["恶意域名evil-cn[.]example已被封禁", ["domain evil-cn.example"]],
  ["攻击者使用evil-cn.example进行钓鱼", ["domain evil-cn.example"]],
  ["请联系abuse@evil-cn.example处理", ["email abuse@evil-cn.example"]],
  ["链接hxxps://evil[.]example请勿点击", ["url https://evil.example/"]],
  [
    "见https://a.example/login或https://b.example/中国/x。",
    ["url https://a.example/login", "url https://b.example/%E4%B8%AD%E5%9B%BD/x"],
  ],
  ["攻击IP为192.0.2.201，端口8080", ["ipv4 192.0.2.201"]],
  ["样本哈希d41d8cd98f00b204e9800998ecf8427e属于木马", ["md5 d41d8cd98f00b204e9800998ecf8427e"]],
  ["IPv6地址2001:db8::1为控制端", ["ipv6 2001:db8::1"]],
  ["收款地址1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa转账", ["btc 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"]],
  ["漏洞CVE-2026-1111已修复", ["cve CVE-2026-1111"]],
  ["域名：evil.example.com中", ["domain evil.example.com"]],
  ["ที่อยู่198.51.100.9ครับ", ["ipv4 198.51.100.9"]],
  ["ເວັບevil.example.comຫຼອກລວງ", ["domain evil.example.com"]],
  ["គេហទំព័រevil.example.comបោក", ["domain evil.example.com"]],
  ["ဝဘ်ဆိုက်evil.example.comလိမ်", ["domain evil.example.com"]],
])("finds what stands in %s", (line, expected) => {
  expect(found(line)).toEqual(expected);
});

it.each([
  ["访问 例子.中国 查看", ["domain xn--fsqu00a.xn--fiqs8s"]],
  ["foo.例子.com", ["domain foo.xn--fsqu00a.com"]],
  ["请看例子和其他", []],
  ["độc-hại.example.vn", ["domain xn--c-hi-zua5256bdla.example.vn"]],
])("keeps names in such scripts whole where they stand alone: %s", (line, expected) => {
  expect(found(line)).toEqual(expected);
});

it.each([
  ["mapped ::ffff:192.0.2.9 end", ["ipv6 ::ffff:192.0.2.9"]],
  ["2001:db8::9.", ["ipv6 2001:db8::9"]],
])("takes an IPv6 address whole: %s", (line, expected) => {
  expect(found(line)).toEqual(expected);
});
