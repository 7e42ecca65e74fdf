import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allMetrics } from './definitions.ts';
import { metricsTable } from './testing/metrics-table.ts';

const docs = join(import.meta.dirname, '..', '..', '..', '..', 'docs');

it('docs/metrics.md has the table of all metrics, and no other', () => {
  const page = readFileSync(join(docs, 'metrics.md'), 'utf8');
  expect(page).toContain(`\n\n${metricsTable()}\n`);
});

it('the sample alert rules go by metrics that there are', () => {
  const rules = readFileSync(join(docs, 'monitoring', 'alerts.yml'), 'utf8');
  const used = new Set(rules.match(/leeward_\w+/g));
  const known = new Set(allMetrics.map(({ name }) => name));
  expect(used.size).toBeGreaterThan(8);
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
});
