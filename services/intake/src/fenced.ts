/** Another worker has taken the submission over: whoever gets this stops and writes no more. */
export class Fenced extends Error {
  override readonly name = "Fenced";
}
