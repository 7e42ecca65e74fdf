import type { LeewardError } from '@leeward/core';
import type { Services } from '@leeward/engine';
import { MemoryKeys } from './memory-keys.ts';

export interface ServiceCall {
  /** `service.method`. */
  readonly operation: string;
  readonly input: readonly unknown[];
}

export interface RecordingServices {
  readonly services: Services;
  readonly calls: ServiceCall[];
  /** Idempotency keys. */
  readonly keys: MemoryKeys;
  /** What the next call answers, once. */
  answerNext(answer: object): void;
  /** What the next call throws, once. */
  failNext(error: unknown): void;
}

/** Services that note what they are asked and answer with the name of the operation. */
export function recordingServices(): RecordingServices {
  const calls: ServiceCall[] = [];
  let next: object | undefined;
  const keys = new MemoryKeys();
  let failure: { readonly error: LeewardError | unknown } | undefined;
  const service = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          async (...input: readonly unknown[]) => {
            const operation = `${name}.${String(method)}`;
            calls.push({ operation, input });
            const { error } = failure ?? {};
            failure = undefined;
            if (error !== undefined) throw error;
            // A page of itself, so that lists answer like everything else.
            const answer = next ?? { operation };
            next = undefined;
            return Object.defineProperty(answer, 'items', { value: answer, enumerable: false });
          },
      },
    );
  const services = new Proxy(
    {},
    { get: (_, name) => (name === 'idempotency' ? keys : service(String(name))) },
  ) as Services;
  return {
    services,
    calls,
    keys,
    answerNext(answer) {
      next = answer;
    },
    failNext(error) {
      failure = { error };
    },
  };
}
