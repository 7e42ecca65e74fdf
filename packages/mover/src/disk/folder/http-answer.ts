/** Headers as the HTTP client gives them. */
export type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface RangeAnswer {
  readonly statusCode: number;
  readonly headers: AnswerHeaders;
}

/** What tells one state of a file from another. */
export interface FileStamp {
  readonly sizeBytes: number;
  /** `Last-Modified` as it came; '' when the server does not tell. */
  readonly modified: string;
}

export function headerOf(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function setCookiesOf(headers: AnswerHeaders): readonly string[] {
  const value = headers['set-cookie'];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** No ETag: each host may make it in its own way, and vCenter asks now this one, now that one. */
export function modifiedOf(headers: AnswerHeaders): string {
  return headerOf(headers, 'last-modified') ?? '';
}

export interface ContentRange {
  readonly first: number;
  readonly last: number;
  readonly total: number;
}

/** `bytes first-last/total`; undefined for all else. */
export function contentRangeOf(headers: AnswerHeaders): ContentRange | undefined {
  const found = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(headerOf(headers, 'content-range') ?? '');
  if (!found) return undefined;
  const [first, last, total] = [Number(found[1]), Number(found[2]), Number(found[3])];
  return first <= last && last < total && Number.isSafeInteger(total) ? { first, last, total } : undefined;
}

/**
 * Why an answer with a good status is not the wanted range of the file; undefined when it is exactly that. An answer
 * of a web proxy, or of a server that ignores ranges, MUST never be taken for data.
 */
export function rangeProblem(
  answer: RangeAnswer,
  wanted: { readonly first: number; readonly last: number },
): string | undefined {
  const { statusCode, headers } = answer;
  if (statusCode === 200) return 'it sends the whole file, or another page, instead of the range asked for';
  if (statusCode !== 206) return `HTTP status ${statusCode}`;
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  if (encoding !== 'identity') return `the answer is encoded (${encoding})`;
  const text = headerOf(headers, 'content-range');
  const range = contentRangeOf(headers);
  if (!range) return text === undefined ? 'the answer names no range' : 'the range it names is none';
  if (range.first !== wanted.first || range.last !== wanted.last)
    return `it sends bytes ${range.first} to ${range.last} instead of ${wanted.first} to ${wanted.last}`;
  const length = headerOf(headers, 'content-length');
  const expected = range.last - range.first + 1;
  if (length !== undefined && Number(length) !== expected)
    return `the range has ${expected} bytes, but it sends ${Number(length)}`;
  return undefined;
}
