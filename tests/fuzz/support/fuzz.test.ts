import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { fuzzWith } from './fuzz.ts';
import { fuzzSettings } from './fuzz-settings.ts';
import { KeptSeeds } from './kept-seeds.ts';

const folder = mkdtempSync(join(tmpdir(), 'leeward-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a long run', () => {
  const seeds = new KeptSeeds(folder);
  const lines: string[] = [];
  const long = {
    settings: fuzzSettings({ LEEWARD_FUZZ_RUNS: '5000' }),
    seeds,
    print: (line: string) => lines.push(line),
  };
  const short = { ...long, settings: fuzzSettings({}) };
  let limit = 990;
  let tried = 0;
  const property = fc.property(fc.nat(1000), (number) => {
    tried++;
    expect(number).toBeLessThan(limit);
  });

  it('keeps the seed of what it finds, and short runs try that again', async () => {
    await expect(fuzzWith(long, 'A property', property, 100)).rejects.toThrow(/seed: -?\d+/);
    expect(readdirSync(folder)).toEqual(['a-property.json']);
    const [kept] = seeds.of('A property');
    expect(kept?.note).toBe('[990]');
    expect(lines.at(-1)).toContain(`FAILED with seed ${kept?.seed}`);
    // The kept one comes first, and by itself.
    tried = 0;
    await expect(fuzzWith(short, 'A property', property, 100)).rejects.toThrow('990');
    expect(tried).toBe(1);
    limit = 1001;
    await fuzzWith(short, 'A property', property, 100);
    await fuzzWith(long, 'A property', property, 100);
    expect(seeds.of('A property')).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/5000 runs, seeds \d+ to \d+: nothing found/);
  });

  it('tries all runs of a seed whose inputs are made in another way since', async () => {
    seeds.keep('Other', { seed: 1, path: '3:900:900:900' });
    tried = 0;
    await fuzzWith(short, 'Other', property, 50);
    expect(tried).toBe(100);
  });

  it('ends when its time is over', async () => {
    const settings = fuzzSettings({ LEEWARD_FUZZ_SECONDS: '0' });
    await fuzzWith({ ...long, settings }, 'Timed', property, 10);
    expect(lines.at(-1)).toMatch(/Timed: 0 runs/);
  });
});

it('refuses settings that are no numbers', () => {
  expect(() => fuzzSettings({ LEEWARD_FUZZ_SECONDS: '1m' })).toThrow('LEEWARD_FUZZ_SECONDS');
});
