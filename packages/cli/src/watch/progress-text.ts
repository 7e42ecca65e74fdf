import { bytes } from '../output/format.ts';

const barCells = 24;

/** Live figures of what is under way: a bar where the total is known, the bytes so far where it is not. */
export function progressText(progress: Readonly<Record<string, unknown>>): string[] {
  return Object.values(progress).flatMap((value) => {
    const { phase, label, done, total } = figuresOf(value);
    if (phase === undefined || done === undefined) return [];
    const name = label === undefined ? phase : `${phase} ${label}`;
    if (total === undefined || total === 0) return [`${name}  ${bytes(done)}`];
    const part = Math.min(1, done / total);
    const filled = Math.round(part * barCells);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}`;
    return [`${name}  ${bar} ${Math.floor(part * 100)} %  ${bytes(done)} of ${bytes(total)}`];
  });
}

interface Figures {
  readonly phase?: string;
  readonly label?: string;
  readonly done?: number;
  readonly total?: number;
}

/** Progress values are each flow's own; only fields of these names are shown. */
function figuresOf(value: unknown): Figures {
  if (typeof value !== 'object' || value === null) return {};
  const fields = new Map(Object.entries(value));
  const text = (name: string) => stringOf(fields.get(name));
  const number = (...names: string[]) =>
    names.map((name) => fields.get(name)).find((each): each is number => typeof each === 'number');
  const phase = text('phase');
  const to = text('to');
  const label = [text('vm') ?? text('volume'), ...(to === undefined ? [] : [`to ${to}`])]
    .filter((part) => part !== undefined)
    .join(' ');
  const done = number('bytesRead', 'bytesTransferred', 'bytesWritten', 'bytesDone');
  const total = number('bytesToRead', 'bytesTotal');
  return {
    ...(phase === undefined ? {} : { phase }),
    ...(label === '' ? {} : { label }),
    ...(done === undefined ? {} : { done }),
    ...(total === undefined ? {} : { total }),
  };
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
