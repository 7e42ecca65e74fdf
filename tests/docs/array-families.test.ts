import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { arraySettingsSchema } from '@leeward/arrays';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', '..', 'docs', 'arrays');
const families = arraySettingsSchema.options.map((option) => option.shape.family.value);

it.each(families)('the family %s has its page, by which the console offers it', (family) => {
  expect(existsSync(join(folder, `${family}.md`))).toBe(true);
});
