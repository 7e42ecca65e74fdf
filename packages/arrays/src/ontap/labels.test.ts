import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupNameFor } from './block/igroup.ts';
import { brandOf } from './brand.ts';
import { pathInVolume, scsiNamesOf } from './inventory/luns.ts';
import { hasLicence, licenceOf } from './licences.ts';
import { isDeclared } from './permissions.ts';
import { ownName } from './presentation/own-name.ts';
import { isAtLeast, isSupported } from './release.ts';
import { literally } from './rest/literally.ts';

const noEvidence = { versionText: 'NetApp Release 9.12.1P8: x', models: [], machineTypes: [] };

describe('brand', () => {
  it.each([
    ['NetApp', { ...noEvidence, models: ['AFF-A400'] }],
    ['NetApp', { ...noEvidence, models: ['SIMBOX'] }],
    ['Lenovo', { ...noEvidence, versionText: 'Lenovo Release 9.12.1P4: x' }],
    ['Lenovo', { ...noEvidence, models: ['DM5100F'] }],
    ['Lenovo', { ...noEvidence, models: ['DG5200'] }],
    ['Lenovo', { ...noEvidence, machineTypes: ['7Y56-CTOWW1'] }],
    ['Fujitsu', { ...noEvidence, models: ['AX4100'] }],
    ['Fujitsu', { ...noEvidence, models: ['ETERNUS HX2300'] }],
  ])('%s', (brand, evidence) => {
    expect(brandOf(evidence)).toContain(brand);
  });
});

describe('licence', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [true, { state: 'compliant', licenses: [{ active: true }] }],
    [true, { state: 'noncompliant', licenses: [{ active: false }, { active: true }] }],
    [true, { state: 'compliant', licenses: [] }],
    [false, { state: 'noncompliant', licenses: [{ active: false }] }],
    [false, { state: 'unlicensed', licenses: [] }],
    [false, { state: 'compliant', licenses: [{ active: true, expiry_time: '2025-06-01T00:00:00+00:00' }] }],
    [true, { state: 'compliant', licenses: [{ active: true, expiry_time: '2027-06-01T00:00:00+00:00' }] }],
  ])('usable: %s for %j', (usable, part) => {
    const licence = licenceOf({ name: 'FlexClone', ...part }, now);
    expect(licence).toMatchObject({ name: 'flexclone', usable });
    expect(hasLicence([licence], 'flexclone')).toBe(usable);
  });
});

describe('release', () => {
  it('compares by generation and major number', () => {
    const release = (generation: number, major: number) => ({ full: '', generation, major, minor: 1 });
    expect(isSupported(release(9, 9))).toBe(false);
    expect(isSupported(release(9, 10))).toBe(true);
    expect(isSupported(release(10, 0))).toBe(true);
    expect(isAtLeast(release(9, 12), 9, 13)).toBe(false);
  });
});

describe('query', () => {
  it('quotes what the array would take for operators', () => {
    expect(literally('leeward_1')).toBe('leeward_1');
    expect(literally('a*b')).toBe('"a*b"');
    expect(literally('!a')).toBe('"!a"');
  });
});

describe('names of our own', () => {
  it('are valid, ours, and different for different requests', () => {
    const text = fc.string({ minLength: 1, maxLength: 300, size: 'max', unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(ownName(a)).toMatch(/^leeward_\w{1,150}$/);
        if (a !== b && `leeward_${a}` !== b && a !== `leeward_${b}`) expect(ownName(a)).not.toBe(ownName(b));
      }),
    );
    expect(ownName('leeward_run1_p0')).toBe('leeward_run1_p0');
  });
});

describe('initiator groups of our own', () => {
  it('have names that the array takes, one for each initiator', () => {
    const text = fc.string({ minLength: 1, maxLength: 223, size: 'max', unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(groupNameFor(a)).toMatch(/^leeward_[A-Za-z0-9._-]{1,88}$/);
        if (a !== b) expect(groupNameFor(a)).not.toBe(groupNameFor(b));
      }),
    );
  });
});

describe('names of LUNs', () => {
  it('hold the serial number byte by byte', () => {
    expect(scsiNamesOf('805-h{G1U6\x7fi')).toEqual(['naa.600a09803830352d687b473155367f69']);
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.array(character, { minLength: 12, maxLength: 12 }), (characters) => {
        const serial = characters.join('');
        const [name = ''] = scsiNamesOf(serial);
        expect(Buffer.from(name.slice('naa.600a0980'.length), 'hex').toString('latin1')).toBe(serial);
      }),
    );
    expect(scsiNamesOf('')).toEqual([]);
    expect(pathInVolume({ name: '/vol/ds1/qtree/lun0' })).toBe('qtree/lun0');
  });
});

describe('declared permissions', () => {
  it.each([
    [true, 'GET', '/api/cluster?fields=name'],
    [true, 'GET', '/api/cluster/jobs/1'],
    [false, 'PATCH', '/api/cluster/jobs/1'],
    [true, 'POST', '/api/storage/volumes/u/snapshots?return_timeout=20'],
    [true, 'GET', '/api/storage/luns'],
    [true, 'DELETE', '/api/protocols/san/lun-maps/1/2'],
    [false, 'PATCH', '/api/protocols/san/iscsi/services/1'],
    [false, 'POST', '/api/svm/svms'],
    [false, 'GET', '/api/private/cli/volume'],
  ])('%s: %s %s', (declared, method, path) => {
    expect(isDeclared(method, path)).toBe(declared);
  });
});
