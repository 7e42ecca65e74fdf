import { relationKinds } from './model/relation-kinds.ts';
import { causes, generateRows, type Row } from './model/rows.ts';
import { rules } from './model/rules.ts';

const intro = `# The rules as a table

What becomes of a VM when something goes wrong, for every kind of relation: which data path is read, how the run ends,
with which codes, and what is left on vCenter and arrays. Every row is executed against the simulated datacentre by
\`npm run rules\` (\`--only PATTERN\` for some of them, \`--json FILE\` for a report); the rows are the files
\`tests/rules/*.csv\`.

This page is generated from the same rules: change them in \`tests/rules/model\`, then run \`npm run rules -- --write\`.

## The rules
`;

const legend = `
## How to read the table

- **Switches**: \`P\` failover to primary, \`S\` failover to standard, \`D\` a downgrade is a failure,
  \`F\` finish on the primary; \`-\`: none of them.
- **Step**: where in the run it goes wrong.
- **Source**: what the point was read from; *none*: there is no point.
- **Codes**: of the VM's problem, of the run and of its events ([errors and warnings](errors.md)). *Reason* is the code
  whose text the event of a downgrade gives as its reason.
- **Left**: what of ours is on vCenter and arrays when the run is over, apart from the chains. What an array that does
  not answer keeps is taken away by the janitor once it is back.
`;

/** `docs/rules.md`, which shows every row of the table. */
export function rulesDocument(): string {
  const rows = generateRows();
  const ruleList = Object.entries(rules).map(([id, text]) => `- **${id}**: ${text}`);
  const sections = relationKinds.map(({ id, text }) => {
    const own = rows.filter(({ relation }) => relation === id);
    return [`\n## ${id}`, '', `${capital(text)}.`, '', ...tableOf(own), ''].join('\n');
  });
  return `${intro}\n${ruleList.join('\n')}\n${legend}${sections.join('')}`;
}

function tableOf(rows: readonly Row[]): readonly string[] {
  const header = ['Goes wrong', 'Step', 'Switches', 'Source', 'State', 'Codes', 'Reason', 'Left', 'Rule'];
  return [
    `| ${header.join(' | ')} |`,
    `|${header.map(() => '---').join('|')}|`,
    ...rows.map((row) => `| ${cellsOf(row).join(' | ')} |`),
  ];
}

function cellsOf(row: Row): readonly string[] {
  const letters = row.id.split('.').at(-1) ?? '';
  return [
    causes.find(({ id }) => id === row.cause)?.text ?? row.cause,
    row.step,
    `\`${letters}\``,
    row.source,
    row.state,
    row.codes.join(', '),
    row.reason,
    row.leftovers,
    row.rule,
  ];
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
