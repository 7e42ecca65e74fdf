/** What the foreign door was used for. */
export class Counters {
  readonly #calls = new Map<string, number>();
  fileBytesSent = 0;
  logins = 0;

  count(method: string): void {
    this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
  }

  toJson(): Record<string, unknown> {
    const calls = Object.fromEntries([...this.#calls].sort());
    return { calls, fileBytesSent: this.fileBytesSent, logins: this.logins };
  }

  reset(): void {
    this.#calls.clear();
    this.fileBytesSent = 0;
    this.logins = 0;
  }
}
