import { createHash } from "node:crypto";

/** Indicators as a CERT's feed has them; every number is another value, of four kinds in turn. */
export function csvLine(number: number): string {
  const digest = createHash("sha256").update(String(number)).digest("hex");
  const description = `Seen in campaign ${digest.slice(0, 6)} against ${digest.slice(6, 12)}`;
  return `${kindAndValue(number, digest)},${description},${number % 100},phishing;kit-${number % 50}\n`;
}

export const CSV_HEADER = "type,value,description,confidence,labels\n";

function kindAndValue(number: number, digest: string): string {
  switch (number % 4) {
    case 0:
      return `ipv4,${11 + ((number >> 24) & 63)}.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
    case 1:
      return `domain,d${digest.slice(0, 12)}.example`;
    case 2:
      return `url,http://u${digest.slice(0, 8)}.example/${digest.slice(8, 20)}`;
    default:
      return `sha256,${digest}`;
  }
}

export function csvTable(from: number, count: number): string {
  return CSV_HEADER + Array.from({ length: count }, (_, index) => csvLine(from + index)).join("");
}

/** A table whose items are about 1.2 KB each on the wire. */
export function wideCsvTable(from: number, count: number): string {
  const filler = "lorem ipsum ".repeat(50);
  const lines = Array.from(
    { length: count },
    (_, index) => `domain,w${from + index}.wide.example,${from + index} ${filler}\n`,
  );
  return `type,value,description\n${lines.join("")}`;
}
