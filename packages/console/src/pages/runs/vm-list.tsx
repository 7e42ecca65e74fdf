import { bottleneckText } from '@leeward/core/words/measured-reads';
import { ExpandableSection } from '@patternfly/react-core';
import type { RunStep, RunVm } from '../../api/runs.ts';
import { bytes } from '../../format/bytes.ts';
import { duration, stopwatch } from '../../format/duration.ts';
import { useQueryState } from '../../router/use-query-state.ts';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { SourceLabel, StateLabel } from '../../ui/state-label.tsx';
import { snapshotLives } from './figures.ts';
import { failureOf } from './gantt-layout.ts';

interface VmListProps {
  readonly vms: readonly RunVm[];
  readonly steps: readonly RunStep[];
  readonly nowMs: number;
}

/** So many are drawn at once; the rest is asked for. */
const pageSize = 50;

/** Each VM of the run: its state, its figures and its steps with their durations. */
export function VmList({ vms, steps, nowMs }: VmListProps) {
  const [most, setMost] = useQueryState('vms', String(pageSize));
  const shown = vms.slice(0, Number(most) || pageSize);
  return (
    <>
      {shown.map((vm) => (
        <VmItem
          key={vm.vmKey}
          vm={vm}
          steps={steps.filter(({ scope }) => scope === vm.vmKey)}
          nowMs={nowMs}
        />
      ))}
      {shown.length < vms.length ? (
        <button
          type="button"
          className="pf-v6-c-button pf-m-link"
          onClick={() => setMost(String(shown.length + pageSize))}
        >
          Show more of {vms.length} VMs
        </button>
      ) : null}
    </>
  );
}

interface VmItemProps {
  readonly vm: RunVm;
  readonly steps: readonly RunStep[];
  readonly nowMs: number;
}

function VmItem({ vm, steps, nowMs }: VmItemProps) {
  const [life] = snapshotLives([vm], nowMs);
  const bottleneck = bottleneckText([vm.facts]);
  const { bytes: four, source, kind, transport } = vm.facts;
  return (
    <article className="lw-vm" aria-label={vm.name}>
      <div className="lw-head-row">
        <strong>{vm.name}</strong>
        <StateLabel state={vm.state} />
        {source ? <SourceLabel source={source} /> : null}
        <span>{[kind, transport ? `by ${transport}` : undefined].filter(Boolean).join(', ')}</span>
        {four ? (
          <span className="lw-faint-text">
            {`provisioned ${bytes(four.provisioned)} · changed ${bytes(four.changed)} · read ${bytes(four.read)} · stored ${bytes(four.stored)}`}
          </span>
        ) : null}
        {bottleneck === undefined ? null : <span className="lw-faint-text">bottleneck {bottleneck}</span>}
        {life ? (
          <span className="lw-faint-text">
            VMware snapshot{' '}
            {life.isThere ? `${stopwatch(life.livedMs)} and counting` : `lived ${duration(life.livedMs)}`}
          </span>
        ) : null}
      </div>
      {vm.problem ? <ProblemAlert problem={vm.problem} /> : null}
      <ExpandableSection toggleText={`${steps.length} steps`} isIndented>
        <StepList steps={steps} nowMs={nowMs} />
      </ExpandableSection>
    </article>
  );
}

export function StepList({ steps, nowMs }: { readonly steps: readonly RunStep[]; readonly nowMs: number }) {
  return (
    <ol className="lw-steps">
      {steps.map((step) => {
        const { name, startedAt, endedAt } = step;
        const failed = failureOf(step);
        const took = duration((endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt));
        const sign = endedAt === undefined ? '▸' : failed ? '✗' : '✓';
        return (
          <li key={`${name} ${startedAt}`}>
            {sign} {name} {failed ? <code>{failed}</code> : took}
          </li>
        );
      })}
    </ol>
  );
}
