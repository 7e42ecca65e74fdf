import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { DraftFieldsProps, SystemDraft } from './system-draft.ts';

/** What proxies log in with over iSCSI, and what the array proves itself with to them. */
export function ChapFields({ prefix, draft, isNew, change }: DraftFieldsProps) {
  const { chapUsername, chapPassword, chapMutual, chapMutualUsername, chapMutualPassword } = draft;
  return (
    <>
      <TextField
        id={`${prefix}-chap-username`}
        label="CHAP name"
        value={chapUsername}
        onChange={(value) => change({ chapUsername: value })}
      />
      <TextField
        id={`${prefix}-chap-password`}
        type="password"
        label="CHAP password"
        value={chapPassword}
        onChange={(value) => change({ chapPassword: value })}
      />
      <SelectField
        id={`${prefix}-chap-mutual`}
        label="The array proves itself to proxies"
        value={chapMutual}
        choices={[
          ['keep', isNew ? 'no' : 'as before'],
          ...(isNew ? [] : [['none', 'no'] as const]),
          ['set', 'by mutual CHAP'],
        ]}
        onChange={(value) => change({ chapMutual: value as SystemDraft['chapMutual'] })}
      />
      {chapMutual === 'set' ? (
        <>
          <TextField
            id={`${prefix}-chap-mutual-username`}
            label="Mutual CHAP name"
            value={chapMutualUsername}
            onChange={(value) => change({ chapMutualUsername: value })}
          />
          <TextField
            id={`${prefix}-chap-mutual-password`}
            type="password"
            label="Mutual CHAP password"
            value={chapMutualPassword}
            onChange={(value) => change({ chapMutualPassword: value })}
          />
        </>
      ) : null}
    </>
  );
}
