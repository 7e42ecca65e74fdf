import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isError } from '@leeward/core';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRestoreFolder, requireAllowedName } from './allowed-folder.ts';

let root = '';
const at = (...parts: string[]) => join(root, ...parts);
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'leeward-restore-')));
  for (const folder of ['allowed/deep', 'outside', 'data/tls', 'repository'])
    await mkdir(at(folder), { recursive: true });
  await symlink(at('outside'), at('allowed/out'));
  await symlink(at('nowhere'), at('allowed/dangling'));
  await symlink(at('allowed/deep'), at('in'));
  await symlink(at('allowed'), at('by-link'));
  await symlink(at('data'), at('allowed/to-data'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const own = () => [at('data'), at('repository')];
const open = (folder: string, allowed: readonly string[] | undefined) =>
  openRestoreFolder(folder, { proxy: 'local', allowed, own: own() }).catch(
    (error: { code: string }) => error.code,
  );

describe('the folder of a restore', () => {
  it('is made in what is allowed, and named by its real path', async () => {
    const allowed = [at('allowed')];
    expect(await open(at('allowed'), allowed)).toBe(at('allowed'));
    expect(await open(at('allowed/a/b'), allowed)).toBe(at('allowed/a/b'));
    expect(existsSync(at('allowed/a/b'))).toBe(true);
    expect(await open(at('allowed/x/../a'), allowed)).toBe(at('allowed/a'));
    // By the name, not by where the link leads.
    expect(await open(`${at('allowed')}/out/../d`, allowed)).toBe(at('allowed/d'));
    // The allowed one may be a link itself, as the administrator named it.
    expect(await open(at('by-link/c'), [at('by-link')])).toBe(at('allowed/c'));
    expect(await open(at('new/place'), [at('new')])).toBe(at('new/place'));
    expect(await open(at('anywhere'), undefined)).toBe(at('anywhere'));
    expect(await open(at('root'), ['/'])).toBe(at('root'));
  });

  it.each([
    ['beside it', 'outside'],
    ['beginning with its name', 'allowed-too'],
    ['above it', '.'],
    ['out by dots', 'allowed/../outside'],
    ['out by a link', 'allowed/out'],
    ['below a link', 'allowed/out/new/folder'],
    ['through a link from outside, though it leads in', 'in'],
  ])('is refused where it is not: %s', async (_, folder) => {
    expect(await open(`${root}/${folder}`, [at('allowed')])).toBe('L-PRX-106');
    expect([existsSync(at('outside/new')), existsSync(at('allowed-too'))]).toEqual([false, false]);
  });

  it('is never one of the installation itself, whatever is allowed', async () => {
    for (const allowed of [undefined, [root], ['/'], [at('data')]])
      for (const folder of ['data', 'data/tls/new', 'repository', 'repository/keys', 'allowed/to-data/x'])
        expect(await open(at(folder), allowed)).toMatch(
          allowed?.[0] === at('data') && !folder.startsWith('data') ? 'L-PRX-106' : 'L-PRX-108',
        );
    expect(existsSync(at('data/tls/new'))).toBe(false);
  });

  it('is not made through a link to nothing', async () => {
    expect(await open(at('allowed/dangling'), [at('allowed')])).toBe('ENOENT');
    expect(existsSync(at('nowhere'))).toBe(false);
  });

  it('names all that is allowed, and where a link leads', async () => {
    const limits = { proxy: 'px', allowed: [at('allowed'), '/srv/b'], own: [] };
    const error = await openRestoreFolder(at('allowed/out'), limits).catch((caught: Error) => caught);
    expect(error).toMatchObject({ message: expect.stringContaining(`"${at('allowed')}", "/srv/b"`) });
    expect(error).toMatchObject({ message: expect.stringContaining(`it leads to "${at('outside')}"`) });
  });

  it('no name gets out of by dots', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b', 'srv', 'srv2');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const folder = `/srv/${parts.join('/')}`;
        const stack: string[] = ['srv'];
        for (const each of parts) {
          if (each === '..') stack.pop();
          else if (each !== '.' && each !== '') stack.push(each);
        }
        const isInside = stack[0] === 'srv';
        let refused = false;
        try {
          requireAllowedName(folder, { proxy: 'p', allowed: ['/srv'] });
        } catch (error) {
          refused = isError(error, 'L-PRX-106');
        }
        expect(refused).toBe(!isInside);
      }),
    );
  });
});
