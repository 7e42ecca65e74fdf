import { type ErrorReport, type LeewardError, reportOf } from '@leeward/core';
import { table } from './table.ts';

type Style = 'bold' | 'red' | 'yellow' | 'green' | 'dim';

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

  constructor(json: boolean) {
    this.json = json;
  }

  /** True when a picture that redraws itself makes sense. */
  get isLive(): boolean {
    return process.stderr.isTTY === true && !this.json;
  }

  style(style: Style, text: string, stream: NodeJS.WriteStream = process.stderr): string {
    const colour = stream.isTTY === true && process.env['NO_COLOR'] === undefined;
    return colour ? `\x1b[${escapes[style]}m${text}\x1b[0m` : text;
  }

  /** The result: as JSON, or as text made by `asText`. */
  result(value: unknown, asText: () => string): void {
    process.stdout.write(`${this.json ? JSON.stringify(value, null, 2) : asText()}\n`);
  }

  rows<T>(
    values: readonly T[],
    columns: Readonly<Record<string, (value: T) => string>>,
    empty: string,
  ): void {
    this.result(values, () => (values.length === 0 ? empty : table(values, columns)));
  }

  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  /** Code, what happened, what it means for the data, what to do next. */
  problem(report: ErrorReport): void {
    if (this.json) {
      process.stderr.write(`${JSON.stringify({ type: 'error', ...report })}\n`);
      return;
    }
    const colour = report.severity === 'error' ? 'red' : 'yellow';
    this.note(`${this.style(colour, report.code)} ${report.what}`);
    this.note(`  data  ${report.data}`);
    this.note(`  next  ${report.next}`);
  }

  error(error: LeewardError): void {
    this.problem(reportOf(error));
  }
}
