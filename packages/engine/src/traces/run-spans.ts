import { createHash } from 'node:crypto';
import type { ErrorReport } from '@leeward/core';
import { type Attributes, type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { RunEvent, RunStep } from '../store/run-log.ts';
import type { RunVm } from '../store/run-vms.ts';
import type { Run } from '../store/runs.ts';

/** A run that has ended, as its trace tells of it. */
export interface TracedRun {
  readonly run: Run;
  readonly jobName: string;
  readonly vms: readonly RunVm[];
  readonly steps: readonly RunStep[];
  readonly events: readonly RunEvent[];
}

export function traceResource(version: string, installationId: string): Resource {
  return resourceFromAttributes({
    'service.name': 'leeward',
    'service.version': version,
    'service.instance.id': installationId,
  });
}

/** The run, below it its VMs, below them their steps. Ids follow from the run, so that a trace may be sent again. */
export function spansOfRun(traced: TracedRun, resource: Resource): readonly ReadableSpan[] {
  const { run, jobName, vms, steps, events } = traced;
  const endedAt = run.endedAt ?? run.startedAt;
  const make = spanMaker(run.id, resource);
  const root = make({
    id: '',
    name: `${run.kind} run`,
    startedAt: run.startedAt,
    endedAt,
    failure: run.state === 'success' ? undefined : (run.problem?.code ?? run.state),
    attributes: {
      'leeward.run.id': run.id,
      'leeward.run.kind': run.kind,
      'leeward.run.state': run.state,
      'leeward.job.name': jobName,
    },
    events: eventsOf(events, ''),
  });
  const names = new Set(vms.map(({ vmKey }) => vmKey));
  const ofVms = vms.map((vm) => {
    const own = steps.filter(({ scope }) => scope === vm.vmKey);
    const ends = own.map((step) => step.endedAt ?? endedAt);
    return make({
      id: vm.vmKey,
      name: 'vm',
      startedAt: own.map(({ startedAt }) => startedAt).toSorted()[0] ?? run.startedAt,
      endedAt: ends.toSorted().at(-1) ?? endedAt,
      failure: vm.state === 'success' ? undefined : (vm.problem?.code ?? vm.state),
      attributes: vmAttributes(vm),
      events: eventsOf(events, vm.vmKey),
      parent: '',
    });
  });
  const ofSteps = steps.map((step) =>
    make({
      id: `${step.scope}\n${step.name}`,
      name: step.name,
      startedAt: step.startedAt,
      endedAt: step.endedAt ?? endedAt,
      failure: 'failed' in step.detail ? String(step.detail.failed) : undefined,
      attributes: flat('leeward.step', step.detail),
      events: [],
      parent: names.has(step.scope) ? step.scope : '',
    }),
  );
  return [root, ...ofVms, ...ofSteps];
}

interface Part {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** A code, or the state. */
  readonly failure: string | undefined;
  readonly attributes: Attributes;
  readonly events: ReadableSpan['events'];
  /** Id of the part above it; missing: it is the run. */
  readonly parent?: string;
}

function spanMaker(runId: string, resource: Resource): (part: Part) => ReadableSpan {
  const contextOf = (id: string) => ({
    traceId: hash(`trace ${runId}`, 16),
    spanId: hash(`span ${runId}\n${id}`, 8),
    traceFlags: TraceFlags.SAMPLED,
  });
  return ({ id, name, startedAt, endedAt, failure, attributes, events, parent }) => {
    const context = contextOf(id);
    const startMs = Date.parse(startedAt);
    const endMs = Math.max(startMs, Date.parse(endedAt));
    return {
      ...{ name, kind: SpanKind.INTERNAL, attributes, events, resource },
      spanContext: () => context,
      ...(parent === undefined ? {} : { parentSpanContext: contextOf(parent) }),
      startTime: hrTime(startMs),
      endTime: hrTime(endMs),
      duration: hrTime(endMs - startMs),
      status:
        failure === undefined
          ? { code: SpanStatusCode.OK }
          : { code: SpanStatusCode.ERROR, message: failure },
      ended: true,
      links: [],
      instrumentationScope: { name: 'leeward' },
      ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
    };
  };
}

function vmAttributes({ vmKey, name, state, facts }: RunVm): Attributes {
  const { source, transport, kind, bytes, stageTimes } = facts;
  return {
    'leeward.vm.key': vmKey,
    'leeward.vm.name': name,
    'leeward.vm.state': state,
    ...(source ? { 'leeward.vm.source': source } : {}),
    ...(transport ? { 'leeward.vm.transport': transport } : {}),
    ...(kind ? { 'leeward.vm.backup.kind': kind } : {}),
    ...(bytes ? flat('leeward.vm.bytes', bytes) : {}),
    ...(stageTimes ? flat('leeward.vm.stage_times', stageTimes) : {}),
  };
}

function eventsOf(events: readonly RunEvent[], vmKey: string): ReadableSpan['events'] {
  return events
    .filter((event) => event.vmKey === vmKey)
    .map(({ at, report }) => ({
      ...{ name: report.code, time: hrTime(Date.parse(at)), attributes: reportAttributes(report) },
    }));
}

function reportAttributes({ severity, what }: ErrorReport): Attributes {
  return { 'leeward.severity': severity, 'leeward.what': what };
}

/** Texts, numbers and switches of a detail; what is nested stays in the run log. */
function flat(prefix: string, detail: object): Attributes {
  const plain = Object.entries(detail).filter(([, value]) =>
    ['string', 'number', 'boolean'].includes(typeof value),
  );
  return Object.fromEntries(plain.map(([name, value]) => [`${prefix}.${name}`, value]));
}

function hash(text: string, bytes: number): string {
  return createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, 2 * bytes);
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}
