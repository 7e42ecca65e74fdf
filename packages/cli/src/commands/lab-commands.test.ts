import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoted, registerCommands } from './lab-commands.ts';

it('quotes words so that a shell gives them back', () => {
  const word = fc.string({ unit: 'binary', minLength: 1 }).filter((text) => !/[\0\ud800-\udfff]/.test(text));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 20, size: 'max' }), (words) => {
      const script = `printf '%s\\0' ${words.map(quoted).join(' ')}`;
      const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      expect(stdout.split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 20 },
  );
});

it('gives a command for each system of the lab, without any secret', () => {
  const system = {
    pid: 1,
    host: '127.0.0.1',
    port: 4_433,
    fingerprint: 'ab12',
    username: 'leeward@vsphere.local',
    passwordFile: '/tmp/my lab/password',
    control: { port: 1, token: 'token' },
  };
  const array = { family: 'ontap', role: 'primary' as const, nfsPortsFile: '/tmp/my lab/ports.json' };
  const commands = registerCommands({
    vcenter: { name: 'vcenter', ...system },
    arrays: [{ name: 'ontap-a', ...system, ...array, dataAddress: '127.0.0.21' }],
  });
  expect(commands).toEqual([
    "npx leeward vcenter add vcenter --host 127.0.0.1 --port 4433 --username leeward@vsphere.local --password-file '/tmp/my lab/password' --fingerprint ab12",
    "npx leeward array add ontap-a --host 127.0.0.1 --port 4433 --username leeward@vsphere.local --password-file '/tmp/my lab/password' --fingerprint ab12 --family ontap --nfs-ports-file '/tmp/my lab/ports.json'",
  ]);
});
