import type { ConsoleLink } from './console-links.ts';
import { Html, html } from './html.ts';

/** Colours with enough contrast on white, and never the only sign: the word stands beside it. */
const toneColours = { good: '#1b6e20', warn: '#8a5300', bad: '#a30000', plain: '#151515' } as const;
export type Tone = keyof typeof toneColours;

const font = 'font-family:Arial,Helvetica,sans-serif';
const cell = 'padding:4px 8px;border:1px solid #d2d2d2;text-align:left;vertical-align:top;font-size:13px';

/** A whole page: no script, nothing loaded, styles inline and tables only, as mail programs need it. */
export function page(title: string, body: readonly (Html | undefined)[]): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:#151515;${font};font-size:14px">
<h1 style="font-size:20px;margin:0 0 12px 0">${title}</h1>
${body}
<p style="color:#6a6e73;font-size:12px;margin-top:24px">Leeward. Times are UTC.</p>
</body></html>
`.text;
}

export function heading(text: string): Html {
  return html`<h2 style="font-size:16px;margin:20px 0 8px 0">${text}</h2>`;
}

export function paragraph(text: string | Html): Html {
  return html`<p style="margin:8px 0">${text}</p>`;
}

/** Ways into the console, where there are any. */
export function linkLine(links: readonly ConsoleLink[] = []): Html | undefined {
  if (links.length === 0) return undefined;
  return paragraph(
    html`${links.map(({ title, url }, at) => html`${at > 0 ? ' · ' : ''}${link(url, title)}`)}`,
  );
}

export function link(url: string, text: string): Html {
  return html`<a href="${url}" style="color:#0066cc">${text}</a>`;
}

export function toned(text: string, tone: Tone): Html {
  return html`<strong style="color:${toneColours[tone]}">${text}</strong>`;
}

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => Html | string | number;
  readonly isNumber?: boolean;
}

/** Without rows there is no table. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): Html | undefined {
  if (rows.length === 0) return undefined;
  return html`<table role="table" cellspacing="0" cellpadding="0" style="border-collapse:collapse;${font}">
<tr>${columns.map(({ title, isNumber }) => html`<th scope="col" style="${cell};background:#f0f0f0${aligned(isNumber)}">${title}</th>`)}</tr>
${rows.map(
  (row) =>
    html`<tr>${columns.map(({ value, isNumber }) => {
      const shown = value(row);
      return html`<td style="${cell}${aligned(isNumber)}${unbroken(shown)}">${shown}</td>`;
    })}</tr>
`,
)}</table>`;
}

function aligned(isNumber?: boolean): string {
  return isNumber ? ';text-align:right' : '';
}

const shortText = 32;

/** Figures, times, codes and names stay on one line; only what is long is broken. */
function unbroken(shown: Html | string | number): string {
  const text = shown instanceof Html ? shown.text.replace(/<[^>]*>/g, '') : String(shown);
  return text.length <= shortText ? ';white-space:nowrap' : '';
}

/** Names and values, one a row. */
export function facts(rows: readonly (readonly [string, Html | string | number])[]): Html {
  return html`<table cellspacing="0" cellpadding="0" style="border-collapse:collapse;${font}">
${rows.map(
  ([name, value]) =>
    html`<tr><th scope="row" style="${cell};background:#f0f0f0">${name}</th><td style="${cell}">${value}</td></tr>
`,
)}</table>`;
}

/** Code, what happened, what it means for the data, what to do next. */
export function problemBlock(
  report: Readonly<Record<'code' | 'severity' | 'what' | 'data' | 'next', string>>,
  of?: string,
): Html {
  const tone: Tone = report.severity === 'error' ? 'bad' : report.severity === 'warning' ? 'warn' : 'plain';
  return html`<div style="margin:8px 0;padding:8px 12px;border-left:4px solid ${toneColours[tone]};background:#f8f8f8;font-size:13px">
${toned(`${report.code} (${report.severity})`, tone)}${of === undefined ? '' : ` ${of}`}<br>
${report.what}<br>Your data: ${report.data}<br>What to do: ${report.next}</div>`;
}
