import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { spansOfRun, type TracedRun, traceResource } from './run-spans.ts';

const spansAtOnce = 1_000;
const sendMs = 10_000;

/** Which Leeward sends. */
export interface TraceOrigin {
  readonly version: string;
  readonly installationId: string;
}

/** A receiver of traces by OTLP over HTTP. Who made it closes it. */
export class TraceSender {
  readonly #exporter: OTLPTraceExporter;

  /** Without `url` the environment says where the receiver is, as OpenTelemetry defines it. */
  constructor(url: string | undefined) {
    this.#exporter = new OTLPTraceExporter({ timeoutMillis: sendMs, ...(url === undefined ? {} : { url }) });
  }

  /** The trace of one run; rejects when the receiver did not take all of it. */
  async send(traced: TracedRun, { version, installationId }: TraceOrigin): Promise<void> {
    const spans = spansOfRun(traced, traceResource(version, installationId));
    for (let at = 0; at < spans.length; at += spansAtOnce)
      await this.#export(spans.slice(at, at + spansAtOnce));
  }

  async close(): Promise<void> {
    await this.#exporter.shutdown().catch(() => undefined);
  }

  #export(spans: ReadableSpan[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#exporter.export(spans, ({ code, error }) => {
        if (code === 0) resolve();
        else reject(error ?? new Error('the receiver did not take it'));
      });
    });
  }
}
