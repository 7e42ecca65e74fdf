import { allMetrics } from '../definitions.ts';

/** The table of docs/metrics.md; a test holds the page against it. */
export function metricsTable(): string {
  return [
    '| Metric | Type | Labels | Meaning |',
    '| --- | --- | --- | --- |',
    ...allMetrics.map(
      ({ name, type, labels, help }) =>
        `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    ),
  ].join('\n');
}
