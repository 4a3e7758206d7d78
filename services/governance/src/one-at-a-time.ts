import { AppError } from "@suar/contract";

/** Long work under way: `signal` ends it, for one of whose callers left or when the process stops. */
export type Run = { signal: AbortSignal; leave(): void; end(): void };

/** Long work of which everybody may have one under way, and all together a few. */
export class OneAtATime {
  readonly #most: number;
  readonly #running = new Map<string, AbortController>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Throws `in-progress`. */
  begin(whose: string): Run {
    if (this.#running.has(whose))
      throw new AppError("in-progress", "Your member asked for one already, which is not at its end");
    if (this.#running.size >= this.#most)
      throw new AppError("in-progress", "Others ask for as much as can be done at once; ask again");
    const controller = new AbortController();
    this.#running.set(whose, controller);
    return {
      signal: controller.signal,
      leave: () => controller.abort(),
      end: () => void this.#running.delete(whose),
    };
  }

  stop(): void {
    for (const controller of this.#running.values())
      controller.abort(new AppError("unavailable", "Suar is stopping here; ask again"));
  }
}
