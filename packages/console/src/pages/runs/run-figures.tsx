import { Label, Progress } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import type { RunView } from '../../api/runs.ts';
import { bytes } from '../../format/bytes.ts';
import { duration, stopwatch } from '../../format/duration.ts';
import { Bottleneck } from './bottleneck.tsx';
import { busiest } from './busiest.ts';
import { budgetUse, fourBytes, liveFigures, snapshotLives } from './figures.ts';
import { ganttOf, kindNames } from './gantt-layout.ts';
import { rateOf, type Sample } from './rate.ts';

/** Duration, the four numbers of bytes, throughput and the stop-watch of the VMware snapshots. */
export function RunFigures({ view, nowMs }: { readonly view: RunView; readonly nowMs: number }) {
  const { run, vms } = view;
  const four = fourBytes(view);
  const endMs = run.endedAt ? Date.parse(run.endedAt) : nowMs;
  const tookMs = endMs - Date.parse(run.startedAt);
  const rate = useRate(four.read, nowMs, run.endedAt === undefined);
  const most = busiest(ganttOf(view, nowMs));
  const done = vms.filter(({ state }) => state !== 'waiting' && state !== 'running').length;
  return (
    <dl className="lw-figures">
      <Figure name="Duration" value={run.endedAt ? duration(tookMs) : stopwatch(tookMs)} />
      {vms.length > 0 ? <Figure name="VMs done" value={`${done} of ${vms.length}`} /> : null}
      <Figure name="Provisioned" value={bytes(four.provisioned)} />
      <Figure name="Changed" value={bytes(four.changed)} />
      <Figure name="Read" value={bytes(four.read)} />
      <Figure name="Stored" value={bytes(four.stored)} />
      <Figure
        name={run.endedAt ? 'Read per second, whole run' : 'Read per second, now'}
        value={`${bytes(run.endedAt ? four.read / Math.max(1, tookMs / 1_000) : rate)}/s`}
      />
      {most ? (
        <Figure name="Takes longest" value={`${kindNames[most.kind]}, ${Math.round(most.share * 100)} %`} />
      ) : null}
      <Bottleneck vms={vms} progress={view.progress} />
      <SnapshotWatch view={view} nowMs={nowMs} />
    </dl>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="lw-figure">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const budgetStatus = { good: 'success', half: 'warning', over: 'danger' } as const;

/** From the creation of a VMware snapshot to its removal: the longest of the run. */
function SnapshotWatch({ view, nowMs }: { readonly view: RunView; readonly nowMs: number }) {
  const [longest] = snapshotLives(view.vms, nowMs);
  if (!longest) return null;
  const budgetMs = view.run.plan?.job.vmwareSnapshotBudgetMs;
  const { livedMs, isThere, vm } = longest;
  return (
    <div className="lw-figure">
      <dt>Longest VMware snapshot{budgetMs === undefined ? '' : ` (budget ${duration(budgetMs)})`}</dt>
      <dd>
        <Label status={budgetStatus[budgetUse(livedMs, budgetMs)]}>
          {isThere ? `${stopwatch(livedMs)} and counting` : duration(livedMs)} · {vm}
        </Label>
      </dd>
    </div>
  );
}

/** What is under way, each with how far it is. */
export function LiveProgress({ view }: { readonly view: RunView }) {
  const figures = liveFigures(view.progress);
  if (figures.length === 0) return null;
  return (
    <div className="lw-gap">
      {figures.map(({ id, phase, label, doneBytes, totalBytes }) => (
        <Progress
          key={id}
          id={`progress-${id}`}
          title={`${phase} ${label}`}
          size="sm"
          value={totalBytes ? Math.min(100, (doneBytes / totalBytes) * 100) : 0}
          label={totalBytes ? `${bytes(doneBytes)} of ${bytes(totalBytes)}` : bytes(doneBytes)}
        />
      ))}
    </div>
  );
}

/** Bytes per second over the last half minute. */
function useRate(readBytes: number, nowMs: number, isGoing: boolean): number {
  const samples = useRef<readonly Sample[]>([]);
  const [rate, setRate] = useState(0);
  useEffect(() => {
    if (!isGoing) return;
    samples.current = [
      ...samples.current.filter(({ atMs }) => nowMs - atMs < 30_000),
      { atMs: nowMs, bytes: readBytes },
    ];
    setRate(rateOf(samples.current));
  }, [readBytes, nowMs, isGoing]);
  return rate;
}
