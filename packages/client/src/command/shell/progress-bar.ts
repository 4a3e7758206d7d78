import type { WriteStream } from "node:tty";

const WIDTH = 28;
const EVERY_MS = 50;

/** One line that is drawn over itself. Without a terminal it draws nothing. */
export class ProgressBar {
  readonly #stream: WriteStream | undefined;
  #drawnAt = 0;
  #drawn = false;

  constructor(stream: WriteStream | undefined) {
    this.#stream = stream;
  }

  update(label: string, done: number, total: number | undefined, unit = ""): void {
    const complete = total !== undefined && done >= total;
    if (this.#stream === undefined || (!complete && Date.now() - this.#drawnAt < EVERY_MS)) return;
    this.#drawnAt = Date.now();
    this.#drawn = true;
    this.#stream.write(`\r\x1b[2K${label} ${draw(done, total)}${unit === "" ? "" : ` ${unit}`}`);
  }

  /** Takes the line away, so that what is printed next has a clean one. */
  clear(): void {
    if (this.#drawn) this.#stream?.write("\r\x1b[2K");
    this.#drawn = false;
  }
}

function draw(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return done.toLocaleString("en");
  const share = Math.min(1, done / total);
  const full = Math.round(share * WIDTH);
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${String(Math.floor(share * 100)).padStart(3)} %`;
}
