import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  counterDefinitions,
  gaugeDefinitions,
  histogramDefinitions,
  type MetricDefinition,
} from './definitions.ts';

/** The metrics of one server, in a registry of its own. */
export interface MetricSet {
  readonly registry: Registry;
  readonly counters: Readonly<Record<keyof typeof counterDefinitions, Counter>>;
  readonly gauges: Readonly<Record<keyof typeof gaugeDefinitions, Gauge>>;
  readonly histograms: Readonly<Record<keyof typeof histogramDefinitions, Histogram>>;
}

export function createMetricSet(): MetricSet {
  const registry = new Registry();
  const common = ({ name, help, labels }: MetricDefinition) => ({
    ...{ name, help, registers: [registry] },
    labelNames: [...labels],
  });
  return {
    registry,
    counters: each(counterDefinitions, (definition) => new Counter(common(definition))),
    gauges: each(gaugeDefinitions, (definition) => new Gauge(common(definition))),
    histograms: each(
      histogramDefinitions,
      (definition) => new Histogram({ ...common(definition), buckets: [...definition.buckets] }),
    ),
  };
}

function each<K extends string, D, M>(
  definitions: Readonly<Record<K, D>>,
  make: (definition: D) => M,
): Readonly<Record<K, M>> {
  const made = (Object.entries(definitions) as [K, D][]).map(([name, definition]) => [
    name,
    make(definition),
  ]);
  return Object.fromEntries(made) as Record<K, M>;
}
