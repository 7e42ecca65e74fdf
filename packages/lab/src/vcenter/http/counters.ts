import type { FolderOrigin, TransferFigures } from './folder-origin.ts';

/** What the foreign doors were used for. */
export class Counters {
  readonly #calls = new Map<string, number>();
  readonly #origins: FolderOrigin[] = [];
  fileBytesSent = 0;
  logins = 0;

  count(method: string): void {
    this.#calls.set(method, (this.#calls.get(method) ?? 0) + 1);
  }

  /** Its transfers are shown among the figures. */
  watch(origin: FolderOrigin): void {
    this.#origins.push(origin);
  }

  toJson(): Record<string, unknown> {
    const calls = Object.fromEntries([...this.#calls].sort());
    const folders: Record<string, TransferFigures> = Object.fromEntries(
      this.#origins.map(({ name, transfers }) => [name, transfers.toJson()]),
    );
    return { calls, fileBytesSent: this.fileBytesSent, logins: this.logins, folders };
  }

  reset(): void {
    this.#calls.clear();
    this.fileBytesSent = 0;
    this.logins = 0;
    for (const { transfers } of this.#origins) transfers.reset();
  }
}
