import { once } from 'node:events';
import { type ErrorReport, reportOf } from '@leeward/core';
import { problemLines } from './problem-lines.ts';
import { growingTable, table } from './table.ts';
import { wrapLine } from './wrap-line.ts';

export type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

const escapes: Readonly<Record<Style, string>> = {
  bold: '1',
  red: '31',
  yellow: '33',
  green: '32',
  dim: '2',
};

/**
 * Where a command speaks: results on stdout, progress, notes and errors on stderr; no colour and no live picture
 * without a terminal; with `json` the result is one JSON document and nothing else is on stdout.
 */
export class Output {
  readonly json: boolean;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(json: boolean, environment: NodeJS.ProcessEnv = process.env) {
    this.json = json;
    this.#environment = environment;
  }

  /** True when a picture that redraws itself makes sense. */
  get isLive(): boolean {
    return process.stderr.isTTY === true && !this.json && this.#environment['TERM'] !== 'dumb';
  }

  style(style: Style, text: string, stream: { readonly isTTY?: boolean } = process.stderr): string {
    const { NO_COLOR: noColour, TERM: terminal } = this.#environment;
    // By no-color.org any value but an empty one switches colour off.
    const colour = stream.isTTY === true && !noColour && terminal !== 'dumb';
    return colour ? `\x1b[${escapes[style]}m${text}\x1b[0m` : text;
  }

  /** The result: as JSON, or as text made by `asText`. */
  result(value: unknown, asText: () => string): void {
    this.#write(value, () => fitting(visible(asText()), process.stdout));
  }

  rows<T>(
    values: readonly T[],
    columns: Readonly<Record<string, (value: T) => string>>,
    empty: string,
  ): void {
    // A table stays a table: its rows are not broken.
    this.#write(values, () => (values.length === 0 ? empty : visible(table(values, columns))));
  }

  /** Rows as they come, page by page; what is written is the same as of all rows at once. */
  async stream<T>(
    pages: AsyncIterable<readonly T[]>,
    columns: Readonly<Record<string, (value: T) => string>>,
    empty: string,
    atMost = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const asTable = growingTable(columns);
    let count = 0;
    for await (const page of pages) {
      const rows = page.slice(0, atMost - count);
      if (rows.length > 0)
        await this.#part(this.json ? elements(rows, count === 0) : `${visible(asTable(rows))}\n`);
      count += rows.length;
      if (count >= atMost) break;
    }
    if (this.json) await this.#part(count === 0 ? '[]\n' : '\n]\n');
    else if (count === 0) await this.#part(`${empty}\n`);
  }

  /** One JSON document on each line, also without `--json`. */
  async lines(pages: AsyncIterable<readonly unknown[]>): Promise<void> {
    for await (const page of pages)
      if (page.length > 0) await this.#part(page.map((each) => `${JSON.stringify(each)}\n`).join(''));
  }

  /** Waits until who reads has taken it: a long list is not gathered in memory. */
  async #part(text: string): Promise<void> {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  }

  #write(value: unknown, asText: () => string): void {
    process.stdout.write(`${this.json ? JSON.stringify(value, null, 2) : asText()}\n`);
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Code, what happened, what it means for the data, what to do next; with `json` one line of JSON on stderr. */
  problem(report: ErrorReport): void {
    if (this.json) this.note(JSON.stringify({ type: 'error', ...report }));
    else this.#lines(report, report.severity === 'error' ? 'red' : 'yellow');
  }

  /** Whatever a command failed with. */
  error(error: unknown): void {
    this.problem(reportOf(error));
  }

  #lines(problem: ErrorReport, style: Style): void {
    const lines = problemLines(problem).map((line) => fitting(visible(line), process.stderr));
    const [head = '', ...others] = lines.flatMap((line) => line.split('\n'));
    this.note(head.replace(/^\S+/, (code) => this.style(style, code)));
    for (const line of others) this.note(line);
  }
}

/** Elements of a JSON array, set as `JSON.stringify` sets the whole. */
function elements(rows: readonly unknown[], isFirst: boolean): string {
  const texts = rows.map((row) => JSON.stringify(row, null, 2).replaceAll('\n', '\n  '));
  return `${isFirst ? '[\n  ' : ',\n  '}${texts.join(',\n  ')}`;
}

/** On a terminal lines are broken at blanks; elsewhere they are for programs and stay whole. */
function fitting(
  text: string,
  { isTTY, columns }: { readonly isTTY?: boolean; readonly columns?: number },
): string {
  if (isTTY !== true || !columns) return text;
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

/** Text without control characters except line ends: names in it come from foreign systems. */
function visible(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '?');
}
