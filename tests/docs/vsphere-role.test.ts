import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupPrivileges, filePrivileges, methodPrivileges } from '@leeward/vsphere/calls/privileges';
import { describe, expect, it } from 'vitest';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'vsphere.md'), 'utf8');
const asked = backupPrivileges.root.filter((privilege) => !privilege.startsWith('System.'));

describe('docs/vsphere.md', () => {
  it('makes a role of exactly what the code asks for', () => {
    const [, words = ''] = /govc role\.create leeward (.+)$/m.exec(page) ?? [];
    expect(words.split(' ').toSorted()).toEqual(asked.toSorted());
  });

  it('says for each privilege what it is asked for', () => {
    const rows = [...page.matchAll(/^\| `([A-Z]\w+\.[\w.]+)`[^|]*\| [^|]+ \| (.+) \|$/gm)];
    const methodsOf = new Map(rows.map(([, privilege = '', text = '']) => [privilege, text]));
    expect([...methodsOf.keys()].toSorted()).toEqual(['System.Anonymous', ...asked].toSorted());
    for (const [method, privileges] of Object.entries(methodPrivileges))
      for (const privilege of privileges) expect(methodsOf.get(privilege)).toContain(`\`${method}\``);
    for (const privilege of filePrivileges) expect(asked).toContain(privilege);
  });
});
