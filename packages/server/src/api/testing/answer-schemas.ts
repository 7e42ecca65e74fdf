import type { z } from 'zod';
import type { Answers } from '../route-about.ts';
import { apiUnderTest } from './api-under-test.ts';

/** The schema of the good answer of every route, by `METHOD /path/:id`, without the prefix of the API. */
export async function answerSchemas(): Promise<ReadonlyMap<string, z.ZodType<unknown>>> {
  const schemas = new Map<string, z.ZodType<unknown>>();
  const { app } = await apiUnderTest((route) => {
    const answers = route.schema?.response as Answers | undefined;
    const schema = answers?.[200].content['application/json']?.schema;
    const path = route.url.replace(/^\/api\/v1/, '');
    if (schema && route.method !== 'HEAD') schemas.set(`${String(route.method)} ${path}`, schema);
  });
  await app.close();
  return schemas;
}
