/** Another worker has taken the submission over, or this one stops: whoever gets this writes no more. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}
