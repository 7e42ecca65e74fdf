import { LeewardError } from '@leeward/core';
import { createSelfSignedCertificate } from '@leeward/lab/tls/self-signed';
import { systemClock } from '@leeward/platform';
import { parseChangeId } from '@leeward/vsphere/cbt/change-id';
import { decodeDeclared } from '@leeward/vsphere/codec/decode';
import { MalformedAnswer } from '@leeward/vsphere/codec/xml-element';
import { parseXml, XmlTreeParser } from '@leeward/vsphere/codec/xml-parser';
import { type MethodName, methods } from '@leeward/vsphere/schema/methods';
import { properties } from '@leeward/vsphere/schema/properties';
import { type Rig, startRig } from '@leeward/vsphere/testing/rig';
import { bodyOf, decodeFaultDetail, decodeResult } from '@leeward/vsphere/wire/envelope';
import { negotiateVersion } from '@leeward/vsphere/wire/negotiation';
import { VimFault } from '@leeward/vsphere/wire/vim-fault';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzz } from './support/fuzz.ts';
import { vimElement, vimField, vimProperty } from './support/vim-xml.ts';

const names = Object.keys(methods).filter((name): name is MethodName => Object.hasOwn(methods, name));
const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const paths = Object.values(properties).flatMap((each): string[] => Object.values(each));
const faults = ['MethodFault', 'LocalizedMethodFault', 'CannotAccessVmDisk', 'SnapshotFault'];

function onlyMalformed<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof MalformedAnswer) return undefined;
    throw error;
  }
}

function answerOf(g: fc.GeneratorValue, method: MethodName): string {
  const { result } = { result: undefined, ...methods[method] };
  return result === undefined ? '' : vimField(g, 'returnval', result);
}

describe('the decoders of vCenter’s answers', () => {
  it('throw MalformedAnswer or nothing on results, faults and properties', async () => {
    await fuzz(
      'vSphere answers',
      fc.property(fc.gen(), (g) => {
        const method = g(fc.constantFrom, ...names);
        const response = parseXml(`<${method}Response ${xsi}>${answerOf(g, method)}</${method}Response>`);
        onlyMalformed(() => decodeResult(method, response));
        const detail = vimElement(g, 'detail', g(fc.constantFrom, ...faults));
        const fault = parseXml(
          `<Fault ${xsi}><faultstring>x</faultstring><detail>${detail}</detail></Fault>`,
        );
        const decoded = onlyMalformed(() => decodeFaultDetail(fault));
        if (decoded) {
          const context = { method, target: { type: 'Folder', moId: 'x' }, operationId: '1' };
          expect(new VimFault(decoded.fault, decoded.text, context).chain.length).toBeGreaterThan(0);
        }
        const declared = g(fc.constantFrom, ...paths);
        const value = `<val ${xsi}>${vimField(g, 'item', declared)}</val>`;
        onlyMalformed(() => decodeDeclared(parseXml(value), declared));
      }),
      1_500,
    );
  });

  it('take any text, and the same in any pieces', async () => {
    const scrap = fc.constantFrom(
      ...[
        '<',
        '>',
        '</',
        '/>',
        '<a',
        '<Envelope>',
        '<Body>',
        '</Body>',
        '</Envelope>',
        ' xsi:type="',
        ` ${xsi}`,
      ],
      ...['"', "'", '&', '&amp;', '&#0;', '&#x10ffff;', '&lol;', '<![CDATA[', ']]>', '<!--', '-->', '<?xml'],
      ...[
        '<!DOCTYPE a [<!ENTITY lol "lol">]>',
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '\u0000',
        '\ud800',
        'ü',
      ],
      ...[
        '<namespaces>',
        '<namespace><name>urn:vim25</name>',
        '<version>8.0.3.0</version>',
        '\r\n',
        ' a=b',
        'x:y',
      ],
    );
    const text = fc.array(fc.oneof(scrap, fc.string({ maxLength: 6 })), { maxLength: 40, size: 'max' });
    await fuzz(
      'vSphere texts',
      fc.property(text, (parts) => {
        const whole = onlyMalformed(() => parseXml(parts.join('')));
        const inPieces = onlyMalformed(() => {
          const parser = new XmlTreeParser();
          for (const part of parts) parser.write(part);
          return parser.finish();
        });
        expect(inPieces).toEqual(whole);
        if (whole) onlyMalformed(() => bodyOf(whole));
        if (whole) negotiateVersion(whole);
        parseChangeId(parts.join(''));
      }),
      2_000,
    );
  });
});

/** One object of every managed type that is read, with most of its properties. */
function fillObjects(g: fc.GeneratorValue, fake: Rig['fake']): void {
  for (const [type, table] of Object.entries(properties)) {
    const values = Object.entries(table)
      .filter(() => g(fc.nat, 15) > 0)
      .map(([path, text]) => [path, vimProperty(g, text)]);
    fake.objects.set(type, moIds[type] ?? `${type}-1`, Object.fromEntries(values));
  }
}

const moIds: Readonly<Record<string, string>> = {
  VirtualMachine: 'vm-1',
  VirtualMachineSnapshot: 'snapshot-1',
};

describe('the client of vCenter', () => {
  it('throws only errors of the catalogue, whatever the answers are', async () => {
    const tls = await createSelfSignedCertificate({
      commonName: 'x',
      altNames: ['127.0.0.1'],
      clock: systemClock,
    });
    const rig = await startRig(tls);
    const disk = { key: 2000, label: 'Hard disk 1', sizeBytes: 1 << 20, changeId: '52 2d/9' };
    const query = { vmMoId: 'vm-1', snapshotMoId: 'snapshot-1', disk, changeId: '52 2d/7' };
    const calls = [
      () => rig.client.inventory(),
      () => rig.client.vm('vm-1'),
      () => rig.client.frozenDisks('snapshot-1'),
      () => rig.client.findVmwareSnapshots('leeward'),
      () => rig.client.changedAreas(query),
      () => rig.client.allocatedAreas(query),
      () => rig.client.missingPrivileges([{ kind: 'vm', moId: 'vm-1' }]),
    ];
    const answered: readonly MethodName[] = [
      'RetrievePropertiesEx',
      'ContinueRetrievePropertiesEx',
      'QueryChangedDiskAreas',
      'HasPrivilegeOnEntities',
      'CreateContainerView',
    ];
    try {
      await fuzz(
        'vSphere client',
        fc.asyncProperty(fc.gen(), fc.nat(calls.length - 1), async (g, which) => {
          const objects = g(fc.nat, 3) > 0;
          if (objects) fillObjects(g, rig.fake);
          let left = 40;
          rig.fake.intercept = ({ method }) => {
            const known = answered.find((name) => name === method);
            if (!known || (objects && method.includes('RetrieveProperties'))) return undefined;
            // A server that gives tokens or windows without end is another test.
            return left-- > 0 ? answerOf(g, known) : { fault: 'InvalidArgument' };
          };
          try {
            await calls[which]!();
          } catch (error) {
            expect(error).toBeInstanceOf(LeewardError);
          }
        }),
        120,
      );
    } finally {
      await rig.close();
    }
  });
});
