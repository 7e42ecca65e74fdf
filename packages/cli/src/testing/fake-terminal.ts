import { displayWidth } from '../output/display-width.ts';
import type { PictureStream } from '../watch/live-picture.ts';

/** `\\p{Cc}`: a control character, of which pictures use no other than ESC before a bracket. */
const controls = /(\p{Cc}\[\d*[A-Za-z]|\r|\n)/u;
const segments = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * A terminal without a pty: it knows the few controls that pictures use, wraps what is wider than it, and refuses all
 * others. The height only limits how far up the cursor can go.
 */
export class FakeTerminal implements PictureStream {
  columns: number;
  rows: number;
  readonly writes: string[] = [];
  /** Cells of each row; a wide character is followed by an empty cell. */
  #cells: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Rows with something in them, without colours. */
  screen(): string[] {
    const lines = this.#cells.map((cells) => cells.join('').trimEnd());
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** Makes it narrower: what is longer is wrapped, as terminals do that keep the text. */
  resize(columns: number): void {
    this.columns = columns;
    const text = this.#cells.map((cells) => cells.join('').trimEnd());
    this.#cells = text.flatMap((line) =>
      Array.from({ length: Math.max(1, Math.ceil(line.length / columns)) }, (_, part) => [
        ...line.slice(part * columns, (part + 1) * columns),
      ]),
    );
    this.#row = this.#cells.length - 1;
  }

  write(text: string): boolean {
    this.writes.push(text);
    for (const part of text.split(controls)) {
      const [, count, command] = (part.startsWith('\x1b') && /(\d*)([A-Za-z])$/.exec(part)) || [];
      if (command !== undefined) this.#control(command, Number(count || 1));
      else if (part === '\r') this.#column = 0;
      else if (part === '\n') this.#down();
      else for (const { segment } of segments.segment(part)) this.#print(segment);
    }
    return true;
  }

  #control(command: string, count: number): void {
    const row = this.#cells[this.#row] ?? [];
    if (command === 'A') {
      const highest = Math.max(0, this.#cells.length - this.rows);
      if (this.#row - count < highest) throw new Error('the cursor went above the terminal');
      this.#row -= count;
    } else if (command === 'K') row.length = Math.min(row.length, this.#column);
    else if (command === 'J') {
      row.length = Math.min(row.length, this.#column);
      this.#cells.length = this.#row + 1;
    } else if (command !== 'm') throw new Error(`unknown control ${command}`);
  }

  #down(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#cells.length) this.#cells.push([]);
  }

  #print(grapheme: string): void {
    const width = displayWidth(grapheme);
    if (this.#column + width > this.columns) this.#down();
    const row = this.#cells[this.#row] ?? [];
    while (row.length < this.#column) row.push(' ');
    row.splice(
      this.#column,
      width || 0,
      ...(width === 0 ? [] : [grapheme, ...Array<string>(width - 1).fill('')]),
    );
    this.#column += width;
  }
}
