import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '@leeward/core';
import type { MetricSet } from './metric-set.ts';

/** Of the server process itself. The caller closes it. */
export class ProcessFigures {
  readonly #loop = monitorEventLoopDelay({ resolution: 20 });
  readonly #startedAt: number;
  #countedCpuSeconds = 0;

  constructor(clock: Clock) {
    this.#startedAt = clock.now() / 1_000 - process.uptime();
    this.#loop.enable();
  }

  read({ gauges, counters }: MetricSet): void {
    const { rss, heapUsed } = process.memoryUsage();
    gauges.residentMemory.set(rss);
    gauges.heap.set(heapUsed);
    gauges.processStart.set(this.#startedAt);
    const p99 = this.#loop.percentile(99) / 1e9;
    gauges.loopDelay.set(Number.isFinite(p99) ? p99 : 0);
    this.#loop.reset();
    const { user, system } = process.cpuUsage();
    const cpuSeconds = (user + system) / 1e6;
    counters.cpuSeconds.inc(Math.max(0, cpuSeconds - this.#countedCpuSeconds));
    this.#countedCpuSeconds = cpuSeconds;
  }

  close(): void {
    this.#loop.disable();
  }
}
