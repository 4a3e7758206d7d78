import { TaxiiFault } from "./taxii-fault.ts";

const decoder = new TextDecoder("utf-8", { fatal: true });

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new TaxiiFault("bad-json", "The server's answer is not UTF-8", { cause });
  }
}

/** JSON in UTF-8. Throws a TaxiiFault `bad-json`; what is nested too deeply for the stack is none either. */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TaxiiFault("bad-json", "The server's answer is not JSON", { cause });
  }
}
