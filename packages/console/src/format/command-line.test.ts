import { expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

it('says of what is looked for only what is given, as a shell takes it', () => {
  const nothing = { find: '', protection: undefined, 'no-templates': false, vm: [] };
  expect(commandLine('vm list', nothing)).toBe('leeward vm list');
  expect(commandLine('vm list', { 'no-templates': true, find: "it's", within: 48 })).toBe(
    "leeward vm list --no-templates --find 'it'\\''s' --within 48",
  );
  expect(commandLine('topology show', { vm: ['/dc/vm/a', 'b c'] })).toBe(
    "leeward topology show --vm /dc/vm/a 'b c'",
  );
});
