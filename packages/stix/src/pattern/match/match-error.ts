/** Why a pattern cannot be matched at all: its regular expression, its size, or what was observed. */
export class MatchError extends Error {
  override readonly name = "MatchError";
}
