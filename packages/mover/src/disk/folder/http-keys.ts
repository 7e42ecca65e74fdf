import { LeewardError } from '@leeward/core';
import { unlessAborted } from './http-abort.ts';

/** The method and the address that a request is for, as tickets name them. */
export interface HttpRequestName {
  readonly method: 'GET';
  readonly url: string;
}

export interface HttpHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly issue: number;
}

/** How a request went, as far as the login is concerned. */
export type HttpOutcome =
  /** `setCookie`: what the server wants to be kept. */
  | { readonly kind: 'let-in'; readonly setCookie: readonly string[] }
  /** Answered with 401. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed' };

/** How requests to one server are authenticated. Secrets stay inside and in the headers. */
export interface HttpKeys {
  /**
   * For one request; other ones when those of before were refused. Throws what the login throws, or `L-NET-404` without
   * details when it is known to be no good.
   */
  headersFor(request: HttpRequestName, signal?: AbortSignal): Promise<HttpHeaders>;
  /** MUST be called when the request that `headersFor` was called for is over. */
  answered(issue: number, outcome: HttpOutcome): void;
}

/** Where the cookie of a session comes from; `refused` is one that the server does not know any more. */
export type CookieSource = (refused: string | undefined) => Promise<string>;
/** A ticket for one request, from the vCenter of the host: the id only. */
export type TicketSource = (request: HttpRequestName, signal?: AbortSignal) => Promise<string>;

const sessionCookie = 'vmware_soap_session';

/** The cookie of a session that somebody else logs in and keeps alive, such as the client of the vCenter. */
export function sessionKeys(cookieOf: CookieSource): HttpKeys {
  let issue = 0;
  let current: Promise<string> | undefined;
  // Never with the signal of one reader: all of them wait for the same login.
  const renewed = (old: Promise<string>) =>
    old.then(
      (cookie) => cookieOf(cookie),
      () => cookieOf(undefined),
    );
  return {
    async headersFor(_, signal) {
      current ??= cookieOf(undefined);
      const [asked, asking] = [issue, current];
      try {
        return { headers: { cookie: await unlessAborted(asking, signal) }, issue: asked };
      } catch (error) {
        // The next one asks again: a login that failed once must not stay so for all.
        if (current === asking && !signal?.aborted) current = undefined;
        throw error;
      }
    },
    answered(answeredIssue, { kind }) {
      if (kind !== 'refused' || answeredIssue !== issue || !current) return;
      issue++;
      current = renewed(current);
      current.catch(() => undefined);
    },
  };
}

/**
 * User and password, sent with the first request only when the server then sets a session cookie: each request with a
 * password opens a session of its own there, and the number of sessions is limited. So the others wait for the first.
 */
export function basicKeys(username: string, password: string): HttpKeys {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
  /** Of the cookie; requests with the password count downwards from -1. */
  let issue = 0;
  let passwordIssue = 0;
  let cookie: string | undefined;
  let setsCookies = true;
  // A password that was refused is not sent again: some tries more, and the account is locked.
  let isRefused = false;
  let first: { readonly issue: number; readonly answered: PromiseWithResolvers<void> } | undefined;
  return {
    async headersFor(_, signal): Promise<HttpHeaders> {
      while (cookie === undefined && setsCookies && first)
        await unlessAborted(first.answered.promise, signal);
      if (isRefused) throw new LeewardError('L-NET-404');
      if (cookie !== undefined) return { headers: { cookie }, issue };
      passwordIssue--;
      if (setsCookies) first = { issue: passwordIssue, answered: Promise.withResolvers<void>() };
      return { headers: { authorization }, issue: passwordIssue };
    },
    answered(answeredIssue, outcome) {
      if (outcome.kind === 'refused') {
        if (answeredIssue < 0) isRefused = true;
        else if (answeredIssue === issue) cookie = undefined;
      }
      if (!first || answeredIssue !== first.issue) return;
      if (outcome.kind === 'let-in') {
        const pairs = outcome.setCookie.map((text) => text.split(';')[0] ?? '');
        cookie = pairs.find((text) => text.startsWith(`${sessionCookie}=`));
        setsCookies = cookie !== undefined;
        issue++;
      }
      first.answered.resolve();
      first = undefined;
    },
  };
}

/** A ticket per request: good once, for its method and address. */
export function ticketKeys(ticketOf: TicketSource): HttpKeys {
  let issue = 0;
  return {
    async headersFor(request, signal) {
      const id = await ticketOf(request, signal);
      // A connection that carried a ticket is not used again.
      return { headers: { cookie: `vmware_cgi_ticket=${id}`, connection: 'close' }, issue: ++issue };
    },
    answered: () => undefined,
  };
}
