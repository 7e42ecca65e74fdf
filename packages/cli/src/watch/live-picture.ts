/** A block of lines on a terminal that is drawn over itself. */
export class LivePicture {
  #lines = 0;

  draw(lines: readonly string[]): void {
    const columns = process.stderr.columns ?? 80;
    const cut = lines.map((line) =>
      [...line].length > columns ? `${[...line].slice(0, columns - 1).join('')}…` : line,
    );
    process.stderr.write(`${this.#up()}${cut.map((line) => `${line}\x1b[K\n`).join('')}`);
    this.#lines = cut.length;
  }

  /** Takes the picture away, so that what follows stands in its place. */
  clear(): void {
    process.stderr.write(`${this.#up()}\x1b[J`);
    this.#lines = 0;
  }

  #up(): string {
    return this.#lines > 0 ? `\x1b[${this.#lines}A` : '';
  }
}
