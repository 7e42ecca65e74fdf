import { isError, LeewardError, reportOf } from '@leeward/core';
import type { ConfigurationPlan } from '@leeward/server';
import type { ApiClient } from '../api/api-client.ts';
import { type AppliedStep, type ApplyOptions, type Deed, deedsOf } from './deeds.ts';
import { bodyWith, revealed } from './secret-places.ts';

/**
 * Makes the server as the document says, by the operations of the API, one after the other; `onDone` is told of each. All
 * that can be known to be wrong is found before the first: `L-OPS-101`, `L-OPS-102`, `L-OPS-103`. What somebody else has
 * changed since it was planned is not changed: `L-API-107`. Where something was done before one fails: `L-OPS-104`.
 */
export async function applyConfiguration(
  api: ApiClient,
  document: object,
  options: ApplyOptions,
  onDone: (step: AppliedStep) => void,
): Promise<readonly AppliedStep[]> {
  const { deeds, tags } = await planned(api, document, options);
  const reveal = await revealed(deeds.flatMap(({ secrets }) => secrets));
  for (const [at, deed] of deeds.entries()) {
    if (isDone(deed, options))
      await perform(api, deed, tags, reveal).catch((error: unknown) => {
        throw stopped(error, deeds, at);
      });
    onDone(deed.applied);
  }
  return deeds.map(({ applied }) => applied);
}

interface Planned {
  readonly deeds: readonly Deed[];
  /** By path, for everything that is there and changed or removed. */
  readonly tags: ReadonlyMap<string, string | undefined>;
}

/**
 * The plan names what is to be changed, and only then its tag can be read. So it is planned again after that: what is
 * changed by others later than the plan that is taken does not fit its tag any more.
 */
async function planned(api: ApiClient, document: object, options: ApplyOptions): Promise<Planned> {
  const tags = new Map<string, string | undefined>();
  for (;;) {
    const deeds = deedsOf(await api.post<ConfigurationPlan>('/config/plan', document), options);
    const paths = deeds.flatMap((deed) => {
      const { request } = deed.step;
      return isDone(deed, options) && request && request.method !== 'POST' ? [request.path] : [];
    });
    const unread = paths.filter((path) => !tags.has(path));
    if (unread.length === 0) return { deeds, tags };
    for (const path of unread) tags.set(path, (await api.getTagged(path)).etag);
  }
}

function isDone({ isAsked }: Deed, { dryRun }: ApplyOptions): boolean {
  return isAsked && !dryRun;
}

async function perform(
  api: ApiClient,
  { step: { request }, secrets }: Deed,
  tags: Planned['tags'],
  reveal: Awaited<ReturnType<typeof revealed>>,
): Promise<void> {
  if (!request) return;
  const { method, path, body = {} } = request;
  const whole = bodyWith(body, secrets, reveal);
  if (method === 'POST') await api.post(path, whole);
  else if (method === 'PATCH') await api.patch(path, whole, tags.get(path));
  else await api.delete(path, tags.get(path));
}

/** What is thrown when this one failed. */
function stopped(error: unknown, deeds: readonly Deed[], at: number): unknown {
  const cause = isError(error, 'L-API-104') ? new LeewardError('L-API-107', error.details, error) : error;
  const words = (some: readonly Deed[]) =>
    some
      .filter(({ isAsked }) => isAsked)
      .map(({ applied: { action, kind, name } }) => `${action} ${kind}/${name}`);
  const done = words(deeds.slice(0, at));
  if (!(cause instanceof LeewardError) || done.length === 0) return cause;
  const { code, what: reason, next } = reportOf(cause);
  const [step = ''] = words(deeds.slice(at));
  const left = words(deeds.slice(at + 1));
  return new LeewardError(
    'L-OPS-104',
    { step, code, reason, next, done: done.join(', '), left: left.join(', ') || 'nothing' },
    cause,
  );
}
