import { type Clock, isError, LeewardError, retry, type Timer } from '@leeward/core';
import { fallbackVersion, isNewer } from '../schema/api-version.ts';
import type { Ref, Vim } from '../schema/values.ts';
import type { XmlChannel } from '../wire/channel.ts';
import { negotiateVersion } from '../wire/negotiation.ts';
import type { SessionHandle } from './session-call.ts';
import { isSessionLost, type SoapCaller } from './soap-caller.ts';

export interface SessionOptions {
  readonly caller: SoapCaller;
  readonly channel: XmlChannel;
  readonly clock: Clock;
  readonly username: string;
  readonly password: string;
  readonly oldestApiVersion: string;
  /** Instance uuid the vCenter was registered with; whatever answers first without it. */
  readonly instanceUuid?: string | undefined;
  readonly keepAliveMs?: number | undefined;
  readonly loginPauseMs?: number | undefined;
}

interface LiveSession extends SessionHandle {
  readonly cookie: string;
}

const serviceInstance: Ref = { type: 'ServiceInstance', moId: 'ServiceInstance' };

/**
 * The login to one vCenter: made when first needed, kept alive, made again (once for all who wait) when vCenter
 * ended it. After a refused password no new login is tried for some minutes, so that the account is not locked.
 */
export class VimSession {
  readonly #options: SessionOptions;
  readonly #ending = new AbortController();
  #current: Promise<LiveSession> | undefined;
  #live: LiveSession | undefined;
  #keepAlive: Timer | undefined;
  #refusal: { readonly error: LeewardError; readonly untilMs: number } | undefined;
  #instanceUuid: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#instanceUuid = options.instanceUuid;
  }

  /**
   * Runs `work` within a session. When vCenter ended the session meanwhile, logs in again and runs `work` once
   * more from its start: it MUST be repeatable up to the call that failed (a refused call had no effect).
   */
  async run<T>(work: (handle: SessionHandle) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.runWithCookie((handle) => work(handle), signal);
  }

  /** As `run`, for work that also speaks HTTP with the session's cookie. */
  async runWithCookie<T>(
    work: (handle: SessionHandle, cookie: string) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const session = await this.#enter(signal);
    try {
      return await work(session, session.cookie);
    } catch (error) {
      if (!isSessionLost(error)) throw error;
      this.#forget(session);
    }
    const renewed = await this.#enter(signal);
    return work(renewed, renewed.cookie);
  }

  /** Logs out, best effort, and ends everything that still runs. Idempotent. */
  async close(): Promise<void> {
    const session = this.#live;
    this.#live = undefined;
    this.#current = undefined;
    this.#keepAlive?.cancel();
    if (session && !this.#ending.signal.aborted) {
      const manager = session.content.sessionManager;
      if (manager) await session.call(manager, 'Logout', {}, { timeoutMs: 10_000 }).catch(() => undefined);
    }
    this.#ending.abort(closedError());
    await this.#options.channel.close();
  }

  async #enter(signal?: AbortSignal): Promise<LiveSession> {
    signal?.throwIfAborted();
    this.#ending.signal.throwIfAborted();
    this.#current ??= this.#startLogin();
    return unlessAborted(this.#current, signal);
  }

  async #startLogin(): Promise<LiveSession> {
    try {
      this.#live = await this.#login();
      return this.#live;
    } catch (error) {
      this.#current = undefined;
      throw error;
    }
  }

  /** Only the session that was lost: another caller may have logged in again already. */
  #forget(session: LiveSession): void {
    if (this.#live !== session) return;
    this.#live = undefined;
    this.#current = undefined;
  }

  async #login(): Promise<LiveSession> {
    const { clock, username, password, caller } = this.#options;
    if (this.#refusal && clock.monotonicMs() < this.#refusal.untilMs) throw this.#refusal.error;
    const signal = this.#ending.signal;
    const version = await this.#negotiate(signal);
    const { result: content } = await caller
      .call({ target: serviceInstance, method: 'RetrieveServiceContent', params: {} }, { version, signal })
      .catch((error) => {
        throw this.#notVcenter(error);
      });
    this.#accept(content);
    const params = { userName: username, password };
    const target = content.sessionManager ?? serviceInstance;
    const login = await caller
      .call({ target, method: 'Login', params }, { version, signal })
      .catch((error) => {
        throw this.#remember(error);
      });
    const cookie = login.cookies.find((text) => text.startsWith('vmware_soap_session='));
    if (cookie === undefined)
      throw new LeewardError('L-VC-106', { ...caller.subject, reason: 'the login sets no session cookie' });
    const session: LiveSession = {
      content,
      cookie,
      sessionKey: login.result.key,
      explain: (fault, method, on) => caller.explainFault(fault, method, on),
      problem: (code, details, cause) => new LeewardError(code, { ...caller.subject, ...details }, cause),
      call: async (on, method, args, options = {}) => {
        const both = AbortSignal.any([signal, ...(options.signal ? [options.signal] : [])]);
        const context = { ...options, version, cookie, signal: both };
        return (await caller.call({ target: on, method, params: args }, context)).result;
      },
    };
    this.#keepAliveSoon(session);
    return session;
  }

  async #negotiate(signal: AbortSignal): Promise<string> {
    const { channel, caller, clock } = this.#options;
    const policy = { attempts: 3, firstDelayMs: 500, maxDelayMs: 4_000, signal };
    const ask = () =>
      channel.exchange({
        method: 'GET',
        path: '/sdk/vimServiceVersions.xml',
        operation: 'asking for API versions',
        operationId: caller.nextOperationId(),
        timeoutMs: 60_000,
        signal,
      });
    const answer = await retry(clock, policy, ask).catch((error) => {
      if (isError(error, 'L-VC-107')) return undefined;
      throw error;
    });
    return answer?.document && answer.status === 200 ? negotiateVersion(answer.document) : fallbackVersion;
  }

  #notVcenter(error: unknown): unknown {
    if (!isError(error, 'L-VC-107')) return error;
    const reason = 'it answers something else than vCenter would';
    return new LeewardError('L-VC-106', { ...this.#options.caller.subject, reason }, error);
  }

  #accept({ about }: Vim<'ServiceContent'>): void {
    const { caller, oldestApiVersion } = this.#options;
    const subject = caller.subject;
    if (about.apiType !== 'VirtualCenter' || about.instanceUuid === undefined)
      throw new LeewardError('L-VC-106', {
        ...subject,
        reason: `it is ${about.fullName} (${about.apiType})`,
      });
    if (isNewer(oldestApiVersion, about.apiVersion)) {
      const { version, apiVersion } = about;
      throw new LeewardError('L-VC-105', { ...subject, version, apiVersion, oldest: oldestApiVersion });
    }
    const expected = this.#instanceUuid ?? about.instanceUuid;
    if (expected !== about.instanceUuid)
      throw new LeewardError('L-VC-117', { ...subject, expected, seen: about.instanceUuid });
    this.#instanceUuid = expected;
  }

  #remember(error: unknown): unknown {
    if (!(error instanceof LeewardError) || error.code !== 'L-VC-102') return error;
    const pauseMs = this.#options.loginPauseMs ?? 5 * 60_000;
    this.#refusal = { error, untilMs: this.#options.clock.monotonicMs() + pauseMs };
    return error;
  }

  #keepAliveSoon(session: LiveSession): void {
    if (this.#ending.signal.aborted) return;
    const { clock, keepAliveMs = 10 * 60_000 } = this.#options;
    this.#keepAlive?.cancel();
    this.#keepAlive = clock.after(keepAliveMs, () => {
      if (this.#live !== session) return;
      // After a lost session the next call logs in again; a passing fault must not end the keeping alive.
      session.call(serviceInstance, 'CurrentTime', {}).then(
        () => this.#keepAliveSoon(session),
        (error) => (isSessionLost(error) ? this.#forget(session) : this.#keepAliveSoon(session)),
      );
    });
  }
}

function closedError(): Error {
  return new Error('the vCenter client is closed');
}

function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
