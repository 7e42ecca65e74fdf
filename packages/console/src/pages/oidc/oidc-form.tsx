import { Checkbox, FormGroup, TextArea } from '@patternfly/react-core';
import { useState } from 'react';
import type { OidcSettings } from '../../api/oidc.ts';
import { useSession } from '../../app/session-context.tsx';
import { quoted } from '../../format/quoted.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { FieldHelp } from '../../ui/field-help.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { draftOf, isReady, newOidc, type OidcDraft, oidcBody, oidcCommand } from './oidc-draft.ts';
import { RuleFields } from './rule-fields.tsx';

interface OidcFormProps {
  /** Missing: it is set up for the first time. */
  readonly settings?: OidcSettings;
}

type TextKey = Exclude<keyof OidcDraft, 'rules' | 'secretFrom' | 'signOutAtProvider'>;

/** Where people sign in, as whom, and which role that gives them; the provider is asked before anything is kept. */
export function OidcForm({ settings }: OidcFormProps) {
  const [draft, setDraft] = useState(() => (settings ? draftOf(settings) : newOidc));
  const change = (part: Partial<OidcDraft>) => setDraft((before) => ({ ...before, ...part }));
  const { api } = useSession();
  const saving = useSaving<OidcSettings>({
    path: '/oidc',
    first: settings,
    make: (body) => api.patch('/oidc', body),
    refill: (now) => setDraft(draftOf(now)),
  });
  const { seen } = saving;
  const own = draft.publicUrl || window.location.origin;
  const field = (key: TextKey) => ({
    id: `oidc-${key}`,
    value: draft[key],
    onChange: (value: string) => change({ [key]: value }),
  });
  const submit = async (over: boolean) => {
    const isDone = await saving.save(oidcBody(draft, seen), over);
    if (isDone) change({ clientSecret: '' });
    return isDone;
  };
  return (
    <EntryForm
      label="Single sign-on"
      action={saving}
      save={settings ? 'Save' : 'Set it up'}
      ready={isReady(draft, seen)}
      cli={oidcCommand(draft, quoted, seen)}
      submit={submit}
    >
      <TextField
        {...field('issuer')}
        label="Address of the provider"
        required
        help="As it names itself: https://id.example.com/realms/main. HTTPS, but for one of this machine."
      />
      <TextField {...field('clientId')} label="Client id" required />
      <SelectField
        id="oidc-secretFrom"
        label="Secret of the client"
        value={draft.secretFrom}
        choices={[
          ['stored', 'kept sealed in the database'],
          ['environment', 'LEEWARD_OIDC_CLIENT_SECRET of the server'],
          ['none', 'none: a public client'],
        ]}
        onChange={(value) => change({ secretFrom: value as OidcDraft['secretFrom'] })}
      />
      {draft.secretFrom === 'stored' ? (
        <TextField
          {...field('clientSecret')}
          type="password"
          label="The secret"
          required={seen?.secretFrom !== 'stored'}
          {...(seen?.secretFrom === 'stored' ? { help: 'Empty: it stays.' } : {})}
        />
      ) : null}
      <TextField
        {...field('publicUrl')}
        label="Address of this server for browsers"
        help="Empty: as they reach it. Needed where a proxy stands before it: https://backup.example.com, with nothing after it."
      />
      <FormGroup label="To be entered at the provider as the address to come back to" fieldId="oidc-back">
        <code id="oidc-back" className="lw-anywhere">
          {own}/sign-in/provider
        </code>
        <FieldHelp fieldId="oidc-back" text={`And ${own}/ as the one to go to after signing out.`} />
      </FormGroup>
      <RuleFields rules={draft.rules} change={(rules) => change({ rules })} />
      <TextField
        {...field('roleClaim')}
        label="Claim that holds these values"
        help="groups where left empty; of one inside of others with dots: realm_access.roles."
      />
      <TextField
        {...field('usernameClaim')}
        label="Claim that is the name of the user"
        help="preferred_username where left empty."
      />
      <TextField
        {...field('domains')}
        label="Only verified e-mail addresses of these domains"
        help="Separated by commas. Empty: all, and none needed."
      />
      <TextField
        {...field('scopes')}
        label="Scopes to ask for"
        help="Separated by commas; openid is needed."
      />
      <TextField {...field('label')} label="Text of the button on the sign-in page" />
      <Checkbox
        id="oidc-signOutAtProvider"
        label="Who signs out here signs out at the provider too, where it offers that"
        isChecked={draft.signOutAtProvider}
        onChange={(_event, signOutAtProvider) => change({ signOutAtProvider })}
      />
      <FormGroup label="Authority of its certificate, PEM" fieldId="oidc-caPem">
        <TextArea
          id="oidc-caPem"
          value={draft.caPem}
          rows={2}
          resizeOrientation="vertical"
          onChange={(_event, caPem) => change({ caPem })}
        />
      </FormGroup>
    </EntryForm>
  );
}
