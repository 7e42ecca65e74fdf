import type { Row } from './rows.ts';
import { type RuleId, rules } from './rules.ts';

const header = [
  ...['id', 'relation', 'step', 'cause'],
  ...['failoverToPrimary', 'failoverToStandard', 'failOnDowngrade', 'finishOnPrimary'],
  ...['source', 'state', 'codes', 'reason', 'leftovers', 'rule'],
] as const;

/** One line for each row. No value has a comma, a quote or a line end in it, so nothing is quoted. */
export function toCsv(rows: readonly Row[]): string {
  const lines = rows.map(({ switches, codes, ...row }) => {
    const cells = { ...row, ...switches, codes: codes.join(' ') };
    return header.map((name) => String(cells[name])).join(',');
  });
  return `${[header.join(','), ...lines].join('\n')}\n`;
}

/** Throws for what `toCsv` does not write. */
export function fromCsv(text: string): readonly Row[] {
  const [first, ...lines] = text.trimEnd().split('\n');
  if (first !== header.join(',')) throw new Error(`the table begins with "${first}"`);
  return lines.map((line): Row => {
    const values = line.split(',');
    if (values.length !== header.length) throw new Error(`${values.length} columns: ${line}`);
    const cell = (name: (typeof header)[number]) => values[header.indexOf(name)] ?? '';
    return {
      ...{ id: cell('id'), relation: cell('relation'), step: cell('step'), cause: cell('cause') },
      switches: {
        failoverToPrimary: isOn(cell('failoverToPrimary')),
        failoverToStandard: isOn(cell('failoverToStandard')),
        failOnDowngrade: isOn(cell('failOnDowngrade')),
        finishOnPrimary: isOn(cell('finishOnPrimary')),
      },
      source: oneOf(['secondary', 'primary', 'standard', 'none'], cell('source')),
      state: oneOf(['success', 'failed'], cell('state')),
      codes: cell('codes')
        .split(' ')
        .filter((code) => code !== ''),
      reason: cell('reason'),
      leftovers: oneOf(['none', 'until the array is back'], cell('leftovers')),
      rule: oneOf(Object.keys(rules) as RuleId[], cell('rule')),
    };
  });
}

function isOn(value: string): boolean {
  return oneOf(['true', 'false'], value) === 'true';
}

function oneOf<T extends string>(known: readonly T[], value: string): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new Error(`"${value}" is none of ${known.join(', ')}`);
  return found;
}
