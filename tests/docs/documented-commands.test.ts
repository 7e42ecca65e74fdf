import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '@leeward/cli/program';
import { catalogue } from '@leeward/core';
import { systemClock } from '@leeward/platform';
import { describe, expect, it } from 'vitest';
import { pages, root, textOf } from './pages.ts';

/** The others are made from what is tested here. */
const written = pages.filter((page) => !/^docs.(cli|errors)\.md$/.test(page));
const program = createProgram({ clock: systemClock });

type Command = ReturnType<typeof createProgram>;

interface Named {
  readonly where: string;
  /** What stands behind `leeward`, to the end of the command. */
  readonly words: readonly string[];
}

/** Commands in blocks and in running text, and of what errors say to do next. */
const named: readonly Named[] = [
  ...written.map((page) => [page, textOf(page)] as const),
  ...Object.entries(catalogue).map(([code, { next }]) => [code, next] as const),
].flatMap(([where, text]) =>
  [...text.matchAll(/(?:^|`|\$ |npx |bin\/)leeward ([a-z]+(?![\w=])[^`|\n]*)/gm)].map(([, rest = '']) => ({
    where,
    words: rest.replace(/["'][^"']*["']/g, 'TEXT').split(/\s+/),
  })),
);

/** The innermost command that the words name. */
function commandOf(words: readonly string[], outer: Command = program): Command {
  const [word, ...rest] = words;
  const inner = outer.commands.find((each) => each.name() === word);
  return inner ? commandOf(rest, inner) : outer;
}

function withAllBelow(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withAllBelow)];
}

describe('commands that docs and errors name', () => {
  it('exist', () => {
    const unknown = named
      .filter(({ words }) => {
        const command = commandOf(words);
        const depth = words.indexOf(command.name()) + 1;
        // A noun alone stands for all its verbs, a word in capitals for one of them.
        return command === program || (command.commands.length > 0 && /^[a-z]/.test(words[depth] ?? ''));
      })
      .map(({ where, words }) => `${where}: leeward ${words.join(' ')}`);
    expect(unknown).toEqual([]);
  });

  it('take the options that stand behind them', () => {
    const common = program.options.map(({ long }) => long);
    const unknown = named.flatMap(({ where, words }) => {
      const own = withAllBelow(commandOf(words)).flatMap(({ options }) => options.map(({ long }) => long));
      const known = [...common, '--help', ...own];
      return words
        .filter((word) => word.startsWith('--'))
        .map((word) => word.replace(/[^\w-].*$/, ''))
        .filter((option) => !known.includes(option))
        .map((option) => `${where}: leeward ${words.slice(0, 2).join(' ')} ${option}`);
    });
    expect(unknown).toEqual([]);
  });
});

/** Of `restic` and of `npm run rules`. */
const foreign = ['--retry-lock', '--only'];

describe('options that the running text of docs names alone', () => {
  it('are options of some command', () => {
    const all = new Set(
      withAllBelow(program).flatMap(({ options }) =>
        options.flatMap(({ long, negate }) => [long, ...(negate ? [] : [long?.replace('--', '--no-')])]),
      ),
    );
    const unknown = written.flatMap((page) =>
      [...textOf(page).matchAll(/`(--[a-z][\w-]+)[^`]*`/g)]
        .map(([, option = '']) => option)
        .filter((option) => !all.has(option) && !foreign.includes(option))
        .map((option) => `${page}: ${option}`),
    );
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe('links between pages', () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].map(([, target = '', heading]) => ({
      page,
      path: target === '' ? page : join(page, '..', target),
      heading,
    })),
  );

  it('lead somewhere', () => {
    const broken = links.filter(({ path }) => !existsSync(join(root, path)));
    expect(broken).toEqual([]);
  });

  it('lead to headings that there are', () => {
    const broken = links.filter(({ path, heading }) => {
      if (heading === undefined || !path.endsWith('.md')) return false;
      const headings = [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.+)$/gm)];
      return !headings.some(([, text = '']) => anchorOf(text) === heading);
    });
    expect(broken.map(({ page, path, heading }) => `${page}: ${path}#${heading}`)).toEqual([]);
  });
});

/** As GitHub and the console make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
