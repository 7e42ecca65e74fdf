import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, expect, it } from 'vitest';
import {
  addChapOptions,
  type ChapOptions,
  chapOf,
  type EditChapOptions,
  editChapOptions,
  newChapOf,
} from './chap-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'leeward-chap-'));
const own = join(folder, 'own');
const theirs = join(folder, 'theirs');
writeFileSync(own, 'our secret\n');
writeFileSync(theirs, 'its secret\n');
afterAll(() => rmSync(folder, { recursive: true }));

function parsed<T>(withOptions: (command: Command) => Command, given: readonly string[]): T {
  const command = withOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  return command.parse(given, { from: 'user' }).opts() as T;
}
const added = (...given: string[]) => chapOf(parsed<ChapOptions>(addChapOptions, given));
const edited = (...given: string[]) => newChapOf(parsed<EditChapOptions>(editChapOptions, given));

const ours = ['--chap-username', 'c', '--chap-password-file', own];
const mutual = ['--chap-mutual-username', 'm', '--chap-mutual-password-file', theirs];
const login = { username: 'c', password: 'our secret' };
const proof = { username: 'm', password: 'its secret' };

it('of a new array: none, one way, both ways', async () => {
  expect(await added()).toBeUndefined();
  expect(await added(...ours)).toEqual(login);
  expect(await added(...ours, ...mutual)).toEqual({ ...login, mutual: proof });
});

it.each([[mutual], [['--chap-mutual-username', 'm']], [[...ours, '--chap-mutual-password-file', theirs]]])(
  'of a new array, half of it is refused: %j',
  async (given) => {
    await expect(added(...given)).rejects.toMatchObject({ code: 'L-CFG-103' });
  },
);

it.each<[string[], object]>([
  [[], {}],
  [['--chap-username', 'c'], { chap: { username: 'c' } }],
  [['--chap-password-file', own], { chap: { password: 'our secret' } }],
  [mutual, { chap: { mutual: proof } }],
  [['--chap-mutual-username', 'm'], { chap: { mutual: { username: 'm' } } }],
  [[...ours, ...mutual], { chap: { ...login, mutual: proof } }],
  [['--no-chap-mutual'], { chap: { mutual: null } }],
  [[...ours, '--no-chap-mutual'], { chap: { ...login, mutual: null } }],
  [['--no-chap'], { chap: null }],
])('changes what is named: %j', async (given, body) => {
  expect(await edited(...given)).toEqual(body);
});

it.each([[['--no-chap', ...ours]], [['--no-chap', ...mutual]], [['--no-chap-mutual', ...mutual]]])(
  'takes nothing away that it is given: %j',
  (given) => {
    expect(() => parsed(editChapOptions, given)).toThrow('cannot be used with');
  },
);
