import type { LeewardError } from '@leeward/core';
import type { Services } from '@leeward/engine';

export interface ServiceCall {
  /** `service.method`. */
  readonly operation: string;
  readonly input: readonly unknown[];
}

export interface RecordingServices {
  readonly services: Services;
  readonly calls: ServiceCall[];
  /** What the next call throws, once. */
  failNext(error: unknown): void;
}

/** Services that note what they are asked and answer with the name of the operation. */
export function recordingServices(): RecordingServices {
  const calls: ServiceCall[] = [];
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
            return { operation };
          },
      },
    );
  const services = new Proxy({}, { get: (_, name) => service(String(name)) }) as Services;
  return {
    services,
    calls,
    failNext(error) {
      failure = { error };
    },
  };
}
