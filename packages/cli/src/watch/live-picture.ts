import { cutStyledLine } from './styled-line.ts';

/** A block of lines on a terminal that is drawn over itself. */
export class LivePicture {
  #lines = 0;

  draw(lines: readonly string[]): void {
    const { columns = 80, rows = 24 } = process.stderr;
    // What is higher than the terminal cannot be drawn over: its top has scrolled away.
    const shown = lines.length < rows ? lines : [...lines.slice(0, rows - 2), '…'];
    const cut = shown.map((line) => cutStyledLine(line, columns));
    process.stderr.write(`${this.#up()}\x1b[J${cut.map((line) => `${line}\n`).join('')}`);
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
