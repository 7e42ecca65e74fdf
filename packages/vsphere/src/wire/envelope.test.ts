import { expect, test } from 'vitest';
import { parseXml } from '../codec/xml-parser.ts';
import { bodyOf, decodeFaultDetail, decodeResult, encodeCall } from './envelope.ts';
import { negotiateVersion } from './negotiation.ts';
import { VimFault } from './vim-fault.ts';

test('a call: header, target, parameters in order', () => {
  const call = {
    method: 'QueryChangedDiskAreas',
    target: { type: 'VirtualMachine', moId: 'vm-42' },
    params: {
      changeId: '52 2d/12',
      startOffset: 0,
      deviceKey: 2000,
      snapshot: { type: 'VirtualMachineSnapshot', moId: 'snapshot-77' },
    },
  } as const;
  const text = encodeCall(call, '8.0.3.0', 'leeward-1');
  expect(text).toContain('<soapenv:Header><operationID>leeward-1</operationID></soapenv:Header>');
  expect(text).toContain(
    '<QueryChangedDiskAreas xmlns="urn:vim25"><_this type="VirtualMachine">vm-42</_this><snapshot type="VirtualMachineSnapshot">snapshot-77</snapshot><deviceKey>2000</deviceKey><startOffset>0</startOffset><changeId>52 2d/12</changeId></QueryChangedDiskAreas>',
  );
  expect(bodyOf(parseXml(text)).name).toBe('QueryChangedDiskAreas');
});

test('results: one, several, none', () => {
  const answer = (inside: string) => parseXml(`<LogoutResponse xmlns="urn:vim25">${inside}</LogoutResponse>`);
  expect(decodeResult('Logout', answer(''))).toBeUndefined();
  const rights = parseXml(
    '<HasPrivilegeOnEntitiesResponse><returnval><entity type="Folder">a</entity></returnval><returnval><entity type="Folder">b</entity></returnval></HasPrivilegeOnEntitiesResponse>',
  );
  expect(decodeResult('HasPrivilegeOnEntities', rights).map(({ entity }) => entity.moId)).toEqual(['a', 'b']);
  expect(decodeResult('RetrievePropertiesEx', parseXml('<RetrievePropertiesExResponse/>'))).toBeUndefined();
  expect(() => decodeResult('CurrentTime', parseXml('<CurrentTimeResponse/>'))).toThrow(/empty/);
  expect(() => decodeResult('CurrentTime', parseXml('<OtherResponse/>'))).toThrow(/OtherResponse/);
});

const context = { method: 'X', target: { type: 'T', moId: '1' }, operationId: 'o' };

test('a fault is known by xsi:type, else by the name of its element, in any namespace', () => {
  const fault = (detail: string) =>
    decodeFaultDetail(
      parseXml(
        `<Fault xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><faultcode>c</faultcode><faultstring>t</faultstring><detail>${detail}</detail></Fault>`,
      ),
    ).fault.$type;
  expect(
    fault('<InvalidPropertyFault xsi:type="InvalidProperty"><name>a</name></InvalidPropertyFault>'),
  ).toBe('InvalidProperty');
  expect(fault('<FileFaultFault xmlns="urn:internalvim25"><file>x</file></FileFaultFault>')).toBe(
    'FileFault',
  );
  expect(fault('')).toBe('UnexpectedFault');
});

test('the reasons nested in a fault are found', () => {
  const { fault, text } = decodeFaultDetail(
    parseXml(
      '<Fault xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><faultstring>outer</faultstring><detail><a xsi:type="GenericVmConfigFault"><faultCause><fault xsi:type="FileLocked"><file>/vmfs/x</file></fault><localizedMessage>locked</localizedMessage></faultCause><faultMessage><key>k</key><arg><key>1</key><value xsi:type="xsd:string">v</value></arg><message>why</message></faultMessage><reason>r</reason></a></detail></Fault>',
    ),
  );
  const error = new VimFault(fault, text, context);
  expect(error.chain.map(({ $type }) => $type)).toEqual(['GenericVmConfigFault', 'FileLocked']);
  expect(error.message).toBe('outer; why; reason r; locked; file /vmfs/x');
});

test('versions: the newest that both know', () => {
  const offer = (newest: string, ...prior: string[]) =>
    parseXml(
      `<namespaces version="1.0"><namespace><name>urn:vim25</name><version>${newest}</version><priorVersions>${prior.map((v) => `<version>${v}</version>`).join('')}</priorVersions></namespace><namespace><name>urn:pbm</name><version>9.0.0.0</version></namespace></namespaces>`,
    );
  expect(negotiateVersion(offer('8.0.3.0', '8.0.2.0', '7.0.0.0'))).toBe('8.0.3.0');
  expect(negotiateVersion(offer('12.0.0.0', '8.0.1.0'))).toBe('8.0.1.0');
  expect(negotiateVersion(offer('6.7', '6.5'))).toBe('6.7');
  expect(negotiateVersion(offer('5.0'))).toBe('7.0.0.0');
});
