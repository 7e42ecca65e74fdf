import { Label, type LabelProps } from '@patternfly/react-core';

type State = 'queued' | 'waiting' | 'running' | 'success' | 'partly' | 'failed' | 'cancelled';

interface Look {
  readonly text: string;
  readonly status?: Exclude<LabelProps['status'], undefined>;
}

const looks: Readonly<Record<State, Look>> = {
  queued: { text: 'queued' },
  waiting: { text: 'waiting' },
  running: { text: 'running', status: 'info' },
  success: { text: 'success', status: 'success' },
  partly: { text: 'partly', status: 'warning' },
  failed: { text: 'failed', status: 'danger' },
  cancelled: { text: 'cancelled' },
};

/** State of a run or of a VM in it: a word and a sign, the colour only besides. */
export function StateLabel({ state }: { readonly state: State }) {
  const { text, status } = looks[state];
  return (
    <Label isCompact {...(status ? { status } : {})}>
      {text}
    </Label>
  );
}

/** Something that is well, or is not, in a word. */
export function HealthLabel({ good, text }: { readonly good: boolean; readonly text: string }) {
  return (
    <Label isCompact status={good ? 'success' : 'danger'}>
      {text}
    </Label>
  );
}

/** The data path really used; anything but the secondary stands out. */
export function SourceLabel({ source }: { readonly source: 'secondary' | 'primary' | 'standard' }) {
  return (
    <Label isCompact {...(source === 'secondary' ? { color: 'blue' } : { status: 'warning' })}>
      {source}
    </Label>
  );
}
