import { describe, expect, it } from 'vitest';
import { ApiClient } from './client.ts';
import { ChangedMeanwhile, edit } from './edit.ts';

const job = {
  ...{ name: 'nightly', secondaryKeep: 7, failoverToPrimary: false, nextRunAt: '2026-01-01' },
  schedule: { cron: '0 22 * * *', timeZone: 'UTC', enabled: true },
};
type Job = typeof job & { readonly lockDays?: number };

/** A server that has `now`, and its ETag counts the changes. */
function serverWith(now: Job, meanwhile?: () => void) {
  const sent: { readonly method: string; readonly ifMatch: string | null; readonly body: unknown }[] = [];
  const api = new ApiClient({
    fetch: async (_url, { method = '', headers, body } = {}) => {
      sent.push({
        method,
        ifMatch: new Headers(headers).get('if-match'),
        body: body === undefined ? undefined : JSON.parse(String(body)),
      });
      if (method === 'GET') {
        meanwhile?.();
        return Response.json(now, { headers: { etag: '"1.1"' } });
      }
      if (meanwhile) return Response.json({ code: 'L-API-104' }, { status: 412 });
      return Response.json({ ...now, ...JSON.parse(String(body)) });
    },
    onSignedOut: () => undefined,
  });
  return { api, sent };
}

describe('a change of what was seen', () => {
  it('sends what is other than before, with the ETag of what is there', async () => {
    const { api, sent } = serverWith(job);
    const saved = await edit(api, '/jobs/1', { seen: job }, { secondaryKeep: 9, failoverToPrimary: false });
    expect(sent).toMatchObject([
      { method: 'GET' },
      { method: 'PATCH', ifMatch: '"1.1"', body: { secondaryKeep: 9 } },
    ]);
    expect(saved.secondaryKeep).toBe(9);
  });

  it('asks nothing where nothing is other than before', async () => {
    const { api, sent } = serverWith(job);
    expect(await edit<Job>(api, '/jobs/1', { seen: job }, { secondaryKeep: 7, lockDays: null })).toBe(job);
    expect(sent).toEqual([]);
  });

  it('leaves what somebody else changed beside it', async () => {
    const { api, sent } = serverWith({ ...job, secondaryKeep: 30, nextRunAt: '2026-02-02' });
    await edit(api, '/jobs/1', { seen: job }, { secondaryKeep: 7, failoverToPrimary: true });
    expect(sent.at(-1)).toMatchObject({ method: 'PATCH', body: { failoverToPrimary: true } });
  });

  it('refuses to write over the same field, and says what is there now', async () => {
    const now = { ...job, secondaryKeep: 30, schedule: { ...job.schedule, timeZone: 'Europe/Berlin' } };
    const { api, sent } = serverWith(now);
    const mine = { secondaryKeep: 9, schedule: { cron: 'daily at 23:00', timeZone: 'Asia/Tokyo' } };
    const refused = await edit(api, '/jobs/1', { seen: job }, mine).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ChangedMeanwhile);
    expect(refused).toMatchObject({
      now,
      fields: [
        { field: 'secondaryKeep', before: '7', after: '30' },
        { field: 'schedule.timeZone', before: 'UTC', after: 'Europe/Berlin' },
      ],
    });
    expect(sent.map(({ method }) => method)).toEqual(['GET']);
    await edit(api, '/jobs/1', { seen: job, accepted: now }, mine);
    expect(sent.at(-1)).toMatchObject({ method: 'PATCH', body: mine });
  });

  it('sees that a value was given or taken away, and not that both wanted the same', async () => {
    const locked = { ...job, lockDays: 14 };
    const given = serverWith(locked);
    await expect(edit<Job>(given.api, '/jobs/1', { seen: job }, { lockDays: 30 })).rejects.toThrow(
      'L-API-104',
    );
    const taken = serverWith(job);
    await expect(edit<Job>(taken.api, '/jobs/1', { seen: locked }, { lockDays: 30 })).rejects.toMatchObject({
      fields: [{ field: 'lockDays', before: '14' }],
    });
    await edit<Job>(given.api, '/jobs/1', { seen: job }, { lockDays: 14, failoverToPrimary: true });
    expect(given.sent.at(-1)).toMatchObject({ method: 'PATCH' });
  });

  it('is refused by the server where it was changed in the moment between', async () => {
    const { api } = serverWith(job, () => undefined);
    await expect(edit(api, '/jobs/1', { seen: job }, { secondaryKeep: 9 })).rejects.toMatchObject({
      status: 412,
      report: { code: 'L-API-104' },
    });
  });
});
