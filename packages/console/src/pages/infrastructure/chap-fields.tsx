import { SelectField } from '../../ui/select-field.tsx';
import { AccountFields } from './account-fields.tsx';
import type { DraftFieldsProps, SystemDraft } from './system-draft.ts';

/** What proxies log in with over iSCSI, and what the array proves itself with to them. */
export function ChapFields({ prefix, draft, isNew, change }: DraftFieldsProps) {
  const { chapUsername, chapPassword, chapMutual, chapMutualUsername, chapMutualPassword } = draft;
  return (
    <>
      <AccountFields
        id={`${prefix}-chap`}
        of="CHAP"
        username={chapUsername}
        password={chapPassword}
        onUsername={(value) => change({ chapUsername: value })}
        onPassword={(value) => change({ chapPassword: value })}
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
        <AccountFields
          id={`${prefix}-chap-mutual`}
          of="Mutual CHAP"
          username={chapMutualUsername}
          password={chapMutualPassword}
          onUsername={(value) => change({ chapMutualUsername: value })}
          onPassword={(value) => change({ chapMutualPassword: value })}
        />
      ) : null}
    </>
  );
}
