import { displayWidth } from '../output/display-width.ts';
import { cutStyledLine, withoutStyles } from './styled-line.ts';

/** A terminal, as far as a picture needs one. */
export interface PictureStream {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

/** Of terminals that do not tell their size. */
const defaultColumns = 80;
const defaultRows = 24;

/**
 * A block of lines on a terminal that is drawn over itself, in one write and without wiping first, so that nothing
 * flickers. The cursor stands below it between two pictures.
 */
export class LivePicture {
  readonly #stream: PictureStream;
  #drawn: readonly string[] = [];

  constructor(stream: PictureStream = process.stderr) {
    this.#stream = stream;
  }

  /** Columns that a line may take. The last one stays free: terminals differ in what they do after writing there. */
  get columns(): number {
    return (this.#stream.columns || defaultColumns) - 1;
  }

  draw(lines: readonly string[]): void {
    const rows = this.#stream.rows || defaultRows;
    // What is higher than the terminal cannot be drawn over: its top has scrolled away.
    this.#replace(lines.length < rows ? lines : [...lines.slice(0, Math.max(0, rows - 2)), '…']);
  }

  /** Draws the last picture, whole, however high; it stays. */
  finish(lines: readonly string[]): void {
    this.#replace(lines);
    this.#drawn = [];
  }

  /** Leaves the picture as it is; what the terminal echoed below it (`^C`) goes. */
  leave(): void {
    if (this.#drawn.length > 0) this.#stream.write('\r\x1b[J');
    this.#drawn = [];
  }

  #replace(lines: readonly string[]): void {
    const cut = lines.map((line) => cutStyledLine(line, this.columns));
    const up = this.#rowsTaken();
    const text = cut.map((line) => `${line}\x1b[K\n`).join('');
    this.#stream.write(`\r${up > 0 ? `\x1b[${up}A` : ''}${text}\x1b[J`);
    this.#drawn = cut;
  }

  /** A terminal that was made narrower meanwhile has wrapped what was drawn. */
  #rowsTaken(): number {
    const columns = this.#stream.columns || defaultColumns;
    return this.#drawn
      .map((line) => Math.max(1, Math.ceil(displayWidth(withoutStyles(line)) / columns)))
      .reduce((sum, rows) => sum + rows, 0);
  }
}
