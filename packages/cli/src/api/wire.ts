import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LeewardError } from '@leeward/core';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface WireCall {
  readonly method: Method;
  /** Begins with `/`; already encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Takes the body of a good answer, which is then no text; is ended with it. */
  readonly sink?: Writable | undefined;
}

export interface WireAnswer {
  readonly statusCode: number;
  readonly text: string;
  /** Values of `set-cookie`. */
  readonly cookies: readonly string[];
  /** The headers of those names, where they came. */
  readonly link?: string | undefined;
  readonly etag?: string | undefined;
}

/** How calls reach a server. The caller closes it. */
export interface Wire {
  /** Rejects with an error of the catalogue where no answer came. */
  send(call: WireCall): Promise<WireAnswer>;
  /** What an answer means that no Leeward gives. */
  strange(status: number, reason: string, cause?: unknown): LeewardError;
  /** An error of the server in the words of who called from here. */
  explain?(error: LeewardError): LeewardError;
  close(): Promise<void>;
}

/** What of the headers of an answer callers need. */
export function knownHeaders(headers: Readonly<Record<string, string | string[] | undefined>>) {
  const one = (name: string) => [headers[name] ?? []].flat()[0];
  return { link: one('link'), etag: one('etag') };
}

export function headersOf(
  headers: Readonly<Record<string, string>> | undefined,
  body: object | undefined,
): Record<string, string> {
  return { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) };
}

/** The text of an answer; empty where its body went into the sink. */
export async function bodyOf(
  {
    statusCode,
    body,
  }: { readonly statusCode: number; readonly body: Readable & { text(): Promise<string> } },
  sink: Writable | undefined,
): Promise<string> {
  if (!sink || statusCode >= 400) return body.text();
  await pipeline(body, sink);
  return '';
}
