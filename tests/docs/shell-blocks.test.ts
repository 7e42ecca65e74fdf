import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { CommandLine } from './command-line.ts';
import { pages, textOf } from './pages.ts';

interface Block {
  readonly page: string;
  readonly language: string;
  readonly needs: readonly string[];
  readonly text: string;
}

const blocks: readonly Block[] = pages.flatMap((page) =>
  [...textOf(page).matchAll(/^```(\S*)(?: needs=(\S+))?\n(.*?)^```$/gms)].map(
    ([, language = '', needs = '', text = '']) => ({
      page,
      language,
      needs: needs.split(',').filter((each) => each !== ''),
      text,
    }),
  ),
);

/** Pages whose blocks build on each other, in this order. */
const order = [
  ...['README.md', 'docs/first-steps.md', 'docs/recovery-without-leeward.md', 'docs/operations.md'],
  'docs/disaster-recovery.md',
  'docs/api.md',
  'docs/lab.md',
];

describe('shell blocks of README and docs', () => {
  const commandLine = new CommandLine();
  afterAll(() => commandLine.close());

  it('stand only in pages that are executed, and other blocks are marked as what they are', () => {
    const executed = blocks.filter(({ language }) => language === 'sh').map(({ page }) => page);
    expect(executed.filter((page) => !order.includes(page))).toEqual([]);
    expect(executed.length).toBeGreaterThan(8);
    expect(
      blocks.map(({ language }) => language).filter((each) => !/^(sh|console|text|json|yaml)$/.test(each)),
    ).toEqual([]);
  });

  for (const page of order) {
    const own = blocks.filter((block) => block.page === page && block.language === 'sh');
    if (own.length === 0) continue;
    it(`${page}: every command works, in order`, { timeout: 300_000 }, async () => {
      const needed = [...new Set(own.flatMap(({ needs }) => needs))];
      const absent = needed.filter((name) => spawnSync('which', [name]).status !== 0);
      const runnable = own.filter(({ needs }) => !needs.some((name) => absent.includes(name)));
      for (const name of needed)
        console.log(`judge: ${name} ${absent.includes(name) ? 'absent' : 'ran'} (${page})`);
      const script = runnable.map(({ text }) => text).join('\n');
      expect(await commandLine.sh(script)).toMatchObject({ code: 0 });
    });
  }
});
