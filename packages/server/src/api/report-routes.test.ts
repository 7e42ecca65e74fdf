import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest } from './testing/api-under-test.ts';

let api: ApiUnderTest;
beforeEach(async () => {
  api = await apiUnderTest();
});
afterEach(() => api.app.close());

const report = {
  ...{ at: '2026-11-26T22:00:00.000Z', withinHours: 26, counts: { total: 1, inTime: 0, late: 0, never: 1 } },
  vms: [
    {
      ...{ name: '<script>alert(1)</script>', path: '/dc/x', vcenterName: 'vc', protection: 'never' },
      ...{ jobs: [], points: [], storageSnapshots: [] },
    },
  ],
};

async function asked(query: string, accept?: string) {
  api.answerNext(structuredClone(report));
  const headers = accept === undefined ? {} : { accept };
  return api.app.inject({ url: `/api/v1/reports/protection${query}`, headers });
}

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('reports', () => {
  it.each([
    ['', undefined, 'application/json'],
    ['', '*/*', 'application/json'],
    ['', 'application/json, text/html', 'application/json'],
    ['', browser, 'text/html'],
    ['', 'text/csv', 'text/csv'],
    ['?format=json', browser, 'application/json'],
    ['?format=html', undefined, 'text/html'],
    ['?format=csv', browser, 'text/csv'],
  ])('%s, accept %s: %s', async (query, accept, type) => {
    const answer = await asked(query, accept);
    expect([answer.statusCode, String(answer.headers['content-type']).split(';')[0]]).toEqual([200, type]);
    expect(answer.headers['vary']).toBe('accept');
    if (type === 'application/json') expect(answer.json()).toEqual(report);
  });

  it('as pages may run and load nothing, and what is in them is text', async () => {
    const { headers, body } = await asked('?format=html');
    expect(headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    expect(body).not.toContain('<script');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('are refused in forms that there are not, and for days that are none', async () => {
    for (const url of [
      '/reports/protection?format=pdf',
      '/runs/r/report?format=csv',
      '/reports/daily?date=today',
    ]) {
      const answer = await api.app.inject({ url: `/api/v1${url}` });
      expect([url, answer.statusCode, answer.json().code]).toEqual([url, 400, 'L-CFG-103']);
    }
    expect(api.calls).toEqual([]);
  });
});
