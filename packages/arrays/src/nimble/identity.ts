import { z } from 'zod';
import type { ArrayIdentity } from '../contract/inventory.ts';
import { brandOf } from './brand.ts';
import type { Group } from './group.ts';
import { readRows } from './rest/list.ts';
import type { NimbleRest } from './rest/nimble-rest.ts';
import { versionOf } from './version.ts';

const arraySchema = z.object({
  name: z.string(),
  serial: z.string().nullish(),
  model: z.string().nullish(),
  extended_model: z.string().nullish(),
});

/** Who the group is; `serial` is the uid that is part of all its ids. Nothing of it is licensed. */
export async function readIdentity(
  rest: NimbleRest,
  group: Group,
  signal?: AbortSignal,
): Promise<ArrayIdentity> {
  const arrays = await readRows(rest, arraySchema, '/arrays/detail', {}, signal);
  const nodes = arrays.map(({ name, model, serial }) => ({
    name,
    model: model ?? '',
    serial: serial ?? '',
  }));
  const models = [...new Set(nodes.map(({ model }) => model).filter((model) => model !== ''))];
  const known = arrays.flatMap(({ model, extended_model }) => [model ?? '', extended_model ?? '']);
  return {
    serial: group.uid,
    name: group.name,
    family: 'nimble',
    brand: brandOf(known),
    model: models.join(', '),
    version: versionOf(group),
    nodes,
    licences: [],
  };
}
