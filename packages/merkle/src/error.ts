export type MerkleErrorCode =
  | "bad-hash"
  | "bad-field"
  | "bad-salt"
  | "bad-frontier"
  | "bad-key"
  | "bad-note"
  | "bad-tile"
  | "out-of-range"
  | "log-full";

/** A caller's mistake while building; verification never throws. */
export class MerkleError extends Error {
  override readonly name = "MerkleError";
  readonly code: MerkleErrorCode;

  constructor(code: MerkleErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
