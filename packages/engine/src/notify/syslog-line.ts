import type { MessageSeverity } from '@leeward/core';
import type { Message } from './message.ts';

const severities: Readonly<Record<MessageSeverity, number>> = { failure: 3, warning: 4, success: 6 };

/** Receivers must take 2,048 bytes, and many cut longer ones anywhere. */
const longestBytes = 2_000;

export interface SyslogOptions {
  readonly facility: number;
  readonly hostname: string;
  readonly processId: number;
}

/** A message by RFC 5424. Its id (`MSGID`) is what it is about; figures for programs are structured data. */
export function syslogLine(message: Message, { facility, hostname, processId }: SyslogOptions): Buffer {
  const { severity, at, topics, job, runId, problems, title, lines } = message;
  const priority = facility * 8 + severities[severity];
  const data = {
    id: message.id,
    severity,
    ...(job ? { job: job.name } : {}),
    ...(runId === undefined ? {} : { run: runId }),
    ...(problems.length > 0 ? { codes: [...new Set(problems.map(({ code }) => code))].join(' ') } : {}),
  };
  // 32473 is the number that RFC 5612 keeps for what has none of its own.
  const structured = Object.entries(data).map(([name, value]) => ` ${name}="${escaped(value)}"`);
  const head = [
    `<${priority}>1`,
    at,
    printable(hostname, 255),
    'leeward',
    processId,
    printable(topics[0] ?? '', 32),
    `[leeward@32473${structured.join('')}]`,
  ].join(' ');
  const text = [title, ...lines].join('; ').replace(/\p{Cc}/gu, ' ');
  return cut(Buffer.from(`${head} \uFEFF${text}`), longestBytes);
}

/** Octet counting by RFC 6587 and RFC 5425, so that a line end in a message is none of the stream. */
export function framed(line: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${line.length} `), line]);
}

function escaped(value: string): string {
  const short = value.length > 200 ? `${value.slice(0, 199)}…` : value;
  return short.replace(/["\\\]]/g, (sign) => `\\${sign}`).replace(/\p{Cc}/gu, ' ');
}

function printable(text: string, length: number): string {
  return text.replace(/[^\x21-\x7e]/g, '_').slice(0, length) || '-';
}

/** Never in the middle of a character. */
function cut(line: Buffer, bytes: number): Buffer {
  if (line.length <= bytes) return line;
  let end = bytes;
  while (end > 0 && ((line[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return line.subarray(0, end);
}
