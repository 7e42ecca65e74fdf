import { type Clock, type ErrorDetails, isError, LeewardError, type Randomness, retry } from '@leeward/core';
import { MalformedAnswer } from '../codec/xml-element.ts';
import type { ResultOf } from '../schema/method-types.ts';
import { type MethodDefinition, type MethodName, methods } from '../schema/methods.ts';
import { isA, type Ref, type Vim } from '../schema/values.ts';
import type { Answer, XmlChannel } from '../wire/channel.ts';
import { bodyOf, type Call, decodeFaultDetail, decodeResult, encodeCall } from '../wire/envelope.ts';
import { type FaultContext, VimFault } from '../wire/vim-fault.ts';
import { mapFault } from './fault-mapping.ts';
import type { CallEvent, CallOptions } from './session-call.ts';
import { Slots } from './slots.ts';

export interface SoapCallerOptions {
  readonly channel: XmlChannel;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly username: string;
  /** Calls at once to this vCenter. */
  readonly concurrency: number;
  readonly onCall?: ((event: CallEvent) => void) | undefined;
}

/** What a call needs beside itself. */
export interface CallContext extends CallOptions {
  readonly version: string;
  readonly cookie?: string | undefined;
}

export interface CallResult<M extends MethodName> {
  readonly result: ResultOf<M>;
  readonly cookies: readonly string[];
}

const defaultTimeoutMs = 60_000;
const sdkPath = '/sdk';

/** Makes single SOAP calls: numbering, limit, repetition, faults as errors of the catalogue. Knows no session. */
export class SoapCaller {
  readonly #options: SoapCallerOptions;
  readonly #slots: Slots;
  readonly #prefix: string;
  #count = 0;

  constructor(options: SoapCallerOptions) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
    this.#prefix = `leeward-${options.randomness.uuid().slice(0, 8)}`;
  }

  /** Details of every error: which vCenter, which account. */
  get subject(): ErrorDetails {
    return { host: this.#options.channel.host, username: this.#options.username };
  }

  nextOperationId(): string {
    return `${this.#prefix}-${++this.#count}`;
  }

  async call<M extends MethodName>(call: Call<M>, context: CallContext): Promise<CallResult<M>> {
    const definition: MethodDefinition = methods[call.method];
    const { clock } = this.#options;
    const { signal } = context;
    const attempts = definition.repeatable ? 4 : 1;
    return retry(clock, { attempts, firstDelayMs: 500, maxDelayMs: 8_000, signal }, () =>
      this.#slots.run(() => this.#watched(call, context), signal),
    );
  }

  async #watched<M extends MethodName>(call: Call<M>, context: CallContext): Promise<CallResult<M>> {
    const { clock, onCall } = this.#options;
    const operationId = this.nextOperationId();
    const startMs = clock.monotonicMs();
    const target = `${call.target.type}:${call.target.moId}`;
    const report = (outcome: string) =>
      onCall?.({
        method: call.method,
        target,
        operationId,
        durationMs: clock.monotonicMs() - startMs,
        outcome,
      });
    try {
      const result = await this.#once(call, context, operationId);
      report('ok');
      return result;
    } catch (error) {
      report(error instanceof LeewardError ? error.code : 'aborted');
      throw error;
    }
  }

  async #once<M extends MethodName>(
    call: Call<M>,
    context: CallContext,
    operationId: string,
  ): Promise<CallResult<M>> {
    const { method, target } = call;
    const answer = await this.#options.channel.exchange({
      method: 'POST',
      path: sdkPath,
      headers: {
        'content-type': 'text/xml; charset=utf-8',
        soapaction: `"urn:vim25/${context.version}"`,
        ...(context.cookie === undefined ? {} : { cookie: context.cookie }),
      },
      body: encodeCall(call, context.version, operationId),
      operation: method,
      operationId,
      timeoutMs: context.timeoutMs ?? defaultTimeoutMs,
      signal: context.signal,
    });
    const faultContext = { method, target, operationId };
    try {
      const result = this.#resultOf(method, answer, faultContext);
      return { result, cookies: answer.cookies };
    } catch (error) {
      throw this.#asCatalogueError(error, faultContext);
    }
  }

  #resultOf<M extends MethodName>(method: M, answer: Answer, context: FaultContext): ResultOf<M> {
    const { document, status } = answer;
    if (!document) throw this.#statusError(status, context);
    const body = bodyOf(document);
    if (body.name === 'Fault') {
      const { fault, text } = decodeFaultDetail(body);
      throw new VimFault(fault, text, context);
    }
    if (status !== 200) throw this.#statusError(status, context);
    const result = decodeResult(method, body);
    refuseHiddenLogout(result, context);
    return result;
  }

  #statusError(status: number, { method }: FaultContext): LeewardError {
    const details = { ...this.subject, operation: method, status };
    const passing = status >= 500 || status === 429 || status === 408;
    if (passing) return new LeewardError('L-VC-108', details);
    return new LeewardError('L-VC-106', { ...details, reason: `HTTP ${status} to a call of ${sdkPath}` });
  }

  #asCatalogueError(error: unknown, context: FaultContext): unknown {
    const { method, operationId } = context;
    if (error instanceof VimFault) return mapFault(error, this.subject);
    if (!(error instanceof MalformedAnswer)) return error;
    const details = { ...this.subject, operation: method, operationId, reason: error.message };
    return new LeewardError('L-VC-107', details, error);
  }

  /** The fault inside a result (task error, missing property) as an error of the catalogue. */
  explainFault(fault: Vim<'LocalizedMethodFault'>, method: string, target: Ref): LeewardError {
    const context = { method, target, operationId: `${this.#prefix}-${this.#count}` };
    return mapFault(new VimFault(fault.fault, fault.localizedMessage ?? '', context), this.subject);
  }
}

/**
 * Reading properties needs no login by itself, so a dead session shows as an answer in which everything is
 * missing for want of authentication. That is a fault, not an absence.
 */
function refuseHiddenLogout(result: unknown, context: FaultContext): void {
  const objects = isRetrieveResult(result) ? result.objects : [];
  for (const { missingSet } of objects)
    for (const { fault } of missingSet)
      if (isA(fault.fault, 'NotAuthenticated'))
        throw new VimFault(fault.fault, fault.localizedMessage ?? '', context);
}

function isRetrieveResult(result: unknown): result is Vim<'RetrieveResult'> {
  return (
    typeof result === 'object' && result !== null && '$type' in result && result.$type === 'RetrieveResult'
  );
}

export function isSessionLost(error: unknown): boolean {
  return isError(error, 'L-VC-109');
}
