import { Button, FormGroup, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { SelectField } from '../../ui/select-field.tsx';
import { ChapFields } from './chap-fields.tsx';
import type { DataPort, DraftFieldsProps, SystemDraft } from './system-draft.ts';

/** What is asked of arrays alone: how proxies reach their data ports. */
export function ArrayFields({ prefix, draft, isNew, change }: DraftFieldsProps) {
  const { chap } = draft;
  return (
    <>
      <SelectField
        id={`${prefix}-chap`}
        label="Proxies log in over iSCSI"
        value={chap}
        choices={[
          ['keep', isNew ? 'without CHAP' : 'as before'],
          ...(isNew ? [] : [['none', 'without CHAP'] as const]),
          ['set', 'with CHAP'],
        ]}
        onChange={(value) => change({ chap: value as SystemDraft['chap'] })}
      />
      {chap === 'set' ? <ChapFields prefix={prefix} draft={draft} isNew={isNew} change={change} /> : null}
      <PortTable prefix={prefix} draft={draft} isNew={isNew} change={change} />
    </>
  );
}

const emptyPort: DataPort = { address: '', protocol: 'nfs', port: '', mountPort: '' };

function PortTable({ prefix, draft: { ports }, isNew, change }: DraftFieldsProps) {
  const rows = ports ?? [];
  const set = (at: number, part: Partial<DataPort>) =>
    change({ ports: rows.map((row, index) => (index === at ? { ...row, ...part } : row)) });
  return (
    <FormGroup role="group" label="Data ports with unusual TCP ports" fieldId={`${prefix}-ports`}>
      <p className="lw-faint-text">{portsText(ports, isNew)}</p>
      {rows.map(({ address, protocol, port, mountPort }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <div key={at} className="lw-port">
          <TextInput
            aria-label={`Address of data port ${at + 1}`}
            placeholder="Address"
            value={address}
            onChange={(_event, value) => set(at, { address: value })}
          />
          <FormSelect
            aria-label={`Protocol of data port ${at + 1}`}
            value={protocol}
            onChange={(_event, value) => set(at, { protocol: value as DataPort['protocol'] })}
          >
            <FormSelectOption value="nfs" label="NFS" />
            <FormSelectOption value="iscsi" label="iSCSI" />
          </FormSelect>
          <TextInput
            aria-label={`TCP port of data port ${at + 1}`}
            placeholder={protocol === 'nfs' ? '2049' : '3260'}
            type="number"
            value={port}
            onChange={(_event, value) => set(at, { port: value })}
          />
          {protocol === 'nfs' ? (
            <TextInput
              aria-label={`Mount port of data port ${at + 1}`}
              placeholder="mount port"
              type="number"
              value={mountPort}
              onChange={(_event, value) => set(at, { mountPort: value })}
            />
          ) : (
            <span />
          )}
          <Button
            variant="link"
            isInline
            aria-label={`Leave out data port ${at + 1}`}
            onClick={() => change({ ports: rows.filter((_row, index) => index !== at) })}
          >
            Leave out
          </Button>
        </div>
      ))}
      <div className="lw-actions-left">
        <Button variant="secondary" size="sm" onClick={() => change({ ports: [...rows, emptyPort] })}>
          One more data port
        </Button>
        {ports === undefined || isNew ? null : (
          <Button variant="link" size="sm" onClick={() => change({ ports: undefined })}>
            As before
          </Button>
        )}
      </div>
    </FormGroup>
  );
}

function portsText(ports: readonly DataPort[] | undefined, isNew: boolean): string {
  if (ports === undefined && !isNew)
    return 'As they are known; what is given here takes the place of all of them.';
  if (ports === undefined || ports.length === 0) return 'None: 2049 and what the array tells, iSCSI 3260.';
  return 'Only these; every other address has the usual ones.';
}
