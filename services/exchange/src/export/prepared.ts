import type { Subject } from "./survey.ts";

/** An answer that is known before its first byte is made. `pieces` tells `handed` of each entry that is in it. */
export type Prepared = {
  /** A validator (RFC 9110 §8.8.1). */
  tag: string;
  mediaType: string;
  /** What it is called where it is kept. */
  fileName: string;
  pieces(handed: (seq: number) => void): AsyncGenerator<string>;
};

export function fileName({ format, madeFor, exercise }: Subject, extension: string): string {
  const of = exercise === undefined ? "suar" : "suar-drill";
  return `${of}-${format}-for-${madeFor.replace(":", "-")}${extension}`;
}
