import { createConnection } from 'node:net';
import { crc32c } from '@leeward/transports/iscsi/pdu/crc32c';
import { encodePdu, noDigests } from '@leeward/transports/iscsi/pdu/pdu-encoder';
import { encodeTextKeys } from '@leeward/transports/iscsi/pdu/text-keys';
import { initiatorName, startTestTarget } from '@leeward/transports/iscsi/testing/test-target';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { anyBytes } from './support/inputs.ts';

describe('the iSCSI target', () => {
  it('survives any bytes before a login, and lets nobody in without the secret', async () => {
    const defects: unknown[] = [];
    const chap = {
      user: 'u',
      secret: 'a secret of 16 bytes',
      mutual: { user: 't', secret: 'another one, longer' },
    };
    const target = await startTestTarget({
      target: { loginTimeoutMs: 2_000, onDefect: (error) => defects.push(error), discoveryChap: chap },
    });
    target.mapped.setChap('*', chap);
    const port = target.server.ports[0] ?? 0;
    const names = [
      ['InitiatorName', initiatorName],
      ['TargetName', 'iqn.2024-01.org.leeward:target'],
    ] as const;
    const discovery = [
      ['InitiatorName', initiatorName],
      ['SessionType', 'Discovery'],
    ] as const;
    const values = fc.constantFrom(
      ...[
        '',
        'None',
        'CRC32C',
        'CRC32C,None',
        'CHAP',
        'CHAP,None',
        'Yes',
        '0',
        '1',
        '512',
        '7,5',
        '0x1',
        '0x',
      ],
      ...['u', '0bAAAA', '99999999999', '0xffffffffff', '-1', 'x'.repeat(300), `0x${'ab'.repeat(32)}`],
    );
    const key = fc.constantFrom(
      ...['AuthMethod', 'CHAP_A', 'CHAP_N', 'CHAP_R', 'CHAP_I', 'CHAP_C', 'HeaderDigest', 'DataDigest'],
      ...['MaxRecvDataSegmentLength', 'MaxBurstLength', 'FirstBurstLength', 'MaxConnections', 'X-other'],
      ...[
        'DefaultTime2Wait',
        'ErrorRecoveryLevel',
        'ImmediateData',
        'SessionType',
        'InitiatorName',
        'TargetName',
      ],
    );
    const pairs = fc.oneof(
      fc.constantFrom(names, discovery, [...names, ['AuthMethod', 'CHAP']] as const),
      fc.constantFrom(
        [['CHAP_A', '7,5']] as const,
        [
          ['CHAP_N', 'u'],
          ['CHAP_R', `0x${'ab'.repeat(32)}`],
        ] as const,
      ),
      fc.array(fc.tuple(key, values), { maxLength: 4 }),
    );
    const text = fc.oneof(
      anyBytes,
      pairs.map((list) => new Uint8Array(encodeTextKeys(list))),
    );
    const flags = fc.oneof(fc.constantFrom(0, 0x81, 0x83, 0x87, 0x04, 0x40, 0x44), fc.nat(255));
    const request = fc.record({ text, flags, at: fc.oneof(fc.constant(0), fc.constant(0), fc.nat(255)) });
    // As an initiator that does not know the secret would go on, or try to leave steps out.
    const step = fc.constantFrom(0, 0, 0x81, 0x83, 0x87);
    const dialogue = fc.record({
      start: fc.constantFrom(names, discovery, [...discovery, ['AuthMethod', 'CHAP']] as const),
      startFlags: step,
      algorithms: fc.option(fc.constantFrom('7,5', '5', '6'), { freq: 4 }),
      answer: fc.option(fc.record({ user: fc.constantFrom('u', 'x'), response: values, flags: step }), {
        freq: 4,
      }),
    });
    await fuzz(
      'iSCSI target before a login',
      fc.asyncProperty(fc.option(dialogue), fc.array(request, { maxLength: 4 }), async (first, requests) => {
        const said = first ? [{ text: encodeTextKeys(first.start), flags: first.startFlags, at: 0 }] : [];
        if (first?.algorithms)
          said.push({ text: encodeTextKeys([['CHAP_A', first.algorithms]]), flags: 0, at: 0 });
        if (first?.answer) {
          const { user, response, flags: last } = first.answer;
          const proof = encodeTextKeys([
            ['CHAP_N', user],
            ['CHAP_R', response],
          ]);
          said.push({ text: proof, flags: last, at: 0 });
        }
        const pdus = [...said, ...requests].flatMap((one) => {
          const header = Buffer.alloc(48, one.at);
          header.set([0x43, one.flags, 0, 0, 0]);
          return encodePdu(header, one.text, noDigests, crc32c);
        });
        const logins = () => target.server.counters.reduce((sum, one) => sum + one.logins, 0);
        const before = logins();
        await talk(port, Buffer.concat(pdus));
        await talk(port, requests[0]?.text ?? new Uint8Array(0));
        expect(defects.splice(0)).toEqual([]);
        expect(logins()).toBe(before);
      }),
      80,
    );
    await target.close();
  });
});

/** Sends bytes, takes whatever comes for a moment, and hangs up. */
function talk(port: number, message: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1', () => {
      socket.write(message);
      setTimeout(() => socket.destroy(), 3);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    socket.resume();
  });
}
