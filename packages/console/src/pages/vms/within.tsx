import { FormSelect, FormSelectOption } from '@patternfly/react-core';
import { useQueryState } from '../../router/use-query-state.ts';

const hourMs = 3_600_000;
const byDefaultMs = 24 * hourMs;

const choices: readonly (readonly [string, string, number])[] = [
  ['4h', 'In time: last 4 hours', 4 * hourMs],
  ['24h', 'In time: last 24 hours', 24 * hourMs],
  ['48h', 'In time: last 48 hours', 48 * hourMs],
  ['7d', 'In time: last 7 days', 168 * hourMs],
];

export interface Within {
  readonly key: string;
  readonly ms: number;
  /** As the command line takes it, in hours; undefined: what it takes by itself. */
  readonly option: number | undefined;
  readonly choose: (key: string) => void;
}

/** How old the newest point of a VM may be to count as in time: chosen by who looks, kept in the address. */
export function useWithin(): Within {
  const [key, choose] = useQueryState('within', '24h');
  const ms = choices.find(([each]) => each === key)?.[2] ?? byDefaultMs;
  return { key, choose, ms, option: ms === byDefaultMs ? undefined : ms / hourMs };
}

export function WithinSelect({ within: { key, choose } }: { readonly within: Within }) {
  return (
    <FormSelect aria-label="What counts as in time" value={key} onChange={(_event, value) => choose(value)}>
      {choices.map(([value, label]) => (
        <FormSelectOption key={value} value={value} label={label} />
      ))}
    </FormSelect>
  );
}
