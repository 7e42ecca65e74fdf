import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { apiUnderTest } from './testing/api-under-test.ts';

it('answers what is too large or no request at all with problem details', async () => {
  const { app } = await apiUnderTest();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const [address] = app.addresses();
  const port = typeof address === 'object' ? address.port : 0;
  const large = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: `/api/v1/runs?cursor=${'x'.repeat(20_000)}` }, (answer) => {
      void text(answer).then((body) => resolve({ status: answer.statusCode, body }));
    })
      .on('error', reject)
      .end();
  });
  expect([large.status, JSON.parse(large.body)]).toMatchObject([431, { code: 'L-CFG-103', status: 431 }]);
  const socket = connect(port, '127.0.0.1');
  socket.write('nonsense\r\n\r\n');
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('application/problem+json');
  await app.close();
});
