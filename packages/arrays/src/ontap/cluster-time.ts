import { isError } from '@leeward/core';
import { z } from 'zod';
import { readAll } from './rest/collection.ts';
import type { RestClient } from './rest/rest-client.ts';

const nodeSchema = z.object({ date: z.string().optional() });

/**
 * What time it is on the cluster: of its nodes, each of which stamps what is on its volumes, the one furthest behind.
 * An account of an SVM may not read nodes; then the `Date` of an answer tells, which is that of the node that answers.
 */
export async function readClusterTime(rest: RestClient, signal?: AbortSignal): Promise<number | undefined> {
  const times = (await nodesIfAllowed(rest, signal)).map(({ date }) => Date.parse(date ?? ''));
  const known = times.filter((time) => !Number.isNaN(time));
  if (known.length > 0) return Math.min(...known);
  return (await rest.send({ method: 'GET', path: '/cluster', query: { fields: 'uuid' }, signal })).dateMs;
}

async function nodesIfAllowed(rest: RestClient, signal?: AbortSignal) {
  try {
    return await readAll(rest, nodeSchema, '/cluster/nodes', { fields: 'date' }, signal);
  } catch (error) {
    if (isError(error, 'L-ARR-005')) return [];
    throw error;
  }
}
