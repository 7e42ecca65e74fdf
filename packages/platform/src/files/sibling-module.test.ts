import { expect, it } from 'vitest';
import { siblingModule } from './sibling-module.ts';

it('names a module beside the caller, as source or as built', () => {
  expect(siblingModule('file:///a/src/pool.ts', './worker').href).toBe('file:///a/src/worker.ts');
  expect(siblingModule('file:///a b/dist/pool.js', './worker').href).toBe('file:///a%20b/dist/worker.js');
});
