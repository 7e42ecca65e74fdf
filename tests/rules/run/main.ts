import { writeFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { parseArgs } from 'node:util';
import { systemClock } from '@leeward/platform';
import { readTable } from '../table.ts';
import { writeTable } from '../write.ts';
import { execute } from './execute.ts';
import type { Judged } from './lane.ts';

const usage = `usage: npm run rules -- [--only PATTERN] [--json FILE] [--list] [--sites N] [--write]

Executes the rows of the decision table (tests/rules/*.csv) against the simulators.

--only PATTERN  rows whose id has PATTERN in it; * stands for anything; several with commas between
--json FILE     writes { "rows": [ { "id", "ok", "expected", "seen" } ] }
--list          prints the ids of the rows and executes nothing
--sites N       sites that run side by side, each with arrays, vCenter, server and proxy; one for each family of
                arrays at least (as many as fit into the free memory, at most 9)
--write         writes the table and docs/rules.md anew from the rules and executes nothing

Exit code 0 only if every row held.`;

/** The command line of `npm run rules`. Answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '*' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
      sites: { type: 'string' },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (values.write) {
    await writeTable();
    return 0;
  }
  const wanted = matcher(values.only);
  const rows = (await readTable()).filter(({ id }) => wanted(id));
  if (values.list) {
    for (const { id } of rows) console.log(id);
    return 0;
  }
  if (rows.length === 0) {
    console.error(`no row's id has "${values.only}" in it`);
    return 2;
  }
  const began = systemClock.monotonicMs();
  let done = 0;
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupt.abort());
  const judged = await execute(rows, {
    sites: values.sites === undefined ? sitesThatFit() : Math.max(1, Number(values.sites)),
    signal: interrupt.signal,
    onJudged: (each) => {
      done += 1;
      console.log(`${each.ok ? 'ok  ' : 'FAIL'} ${done}/${rows.length} ${each.id} (${seconds(each.tookMs)})`);
      if (!each.ok) console.log(difference(each));
    },
  });
  if (values.json !== undefined) await writeFile(values.json, asJson(judged));
  const failed = judged.filter(({ ok }) => !ok);
  const took = seconds(systemClock.monotonicMs() - began);
  console.log(`\n${judged.length - failed.length} of ${rows.length} rows held, in ${took}.`);
  for (const each of failed) console.log(`\n${each.id}\n${difference(each)}`);
  return failed.length === 0 && judged.length === rows.length ? 0 : 1;
}

/** A site takes up to 2 GiB. */
function sitesThatFit(): number {
  return Math.max(1, Math.min(9, Math.floor(freemem() / 2 ** 31)));
}

function matcher(patterns: string): (id: string) => boolean {
  const forms = patterns.split(',').map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(parts.join('.*'));
  });
  return (id) => forms.some((form) => form.test(id));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function difference({ expected, seen }: Judged): string {
  return `     expected ${JSON.stringify(expected)}\n     seen     ${JSON.stringify(seen)}`;
}

function asJson(judged: readonly Judged[]): string {
  const rows = judged.map(({ id, ok, expected, seen }) => ({ id, ok, expected, seen }));
  return `${JSON.stringify({ rows: rows.sort((a, b) => a.id.localeCompare(b.id)) }, null, 2)}\n`;
}
