import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import type { ChannelDraft } from './channel-draft.ts';

interface TargetFieldsProps {
  readonly draft: ChannelDraft;
  readonly isNew: boolean;
  readonly change: (part: Partial<ChannelDraft>) => void;
}

type TextKey = {
  [K in keyof ChannelDraft]: ChannelDraft[K] extends string
    ? string extends ChannelDraft[K]
      ? K
      : never
    : never;
}[keyof ChannelDraft];

const stays = 'Empty: it stays.';

/** What each kind of channel is asked for. */
export function TargetFields({ draft, isNew, change }: TargetFieldsProps) {
  const field = (key: TextKey) => ({
    id: `channel-${key}`,
    value: draft[key],
    onChange: (value: string) => change({ [key]: value }),
  });
  const url = (
    <TextField
      {...field('url')}
      label="Address"
      type="password"
      required={isNew}
      help={isNew ? 'HTTPS. A secret: who knows it can send there, so it is never shown again.' : stays}
    />
  );
  const choice = (key: TextKey, label: string, values: readonly (readonly [string, string])[]) => (
    <SelectField {...field(key)} label={label} choices={values} />
  );
  if (draft.kind === 'email')
    return (
      <>
        <TextField {...field('host')} label="Mail server" required />
        {choice('security', 'Encrypted', [
          ['starttls', 'by STARTTLS, which the server must offer'],
          ['tls', 'by TLS from the start'],
          ['none', 'not at all; only without a password'],
        ])}
        <TextField {...field('port')} label="Port" type="number" help="587, 465 or 25 where left empty." />
        <TextField {...field('username')} label="Account" help="Empty: without signing in." />
        <TextField
          {...field('password')}
          label="Password"
          type="password"
          {...(isNew ? {} : { help: stays })}
        />
        <TextField {...field('from')} label="Sender" required />
        <TextField {...field('to')} label="Recipients" required help="Separated by commas." />
      </>
    );
  if (draft.kind === 'webhook')
    return (
      <>
        {url}
        <TextField
          {...field('secret')}
          label="Secret for signatures"
          type="password"
          help={isNew ? '16 characters or more. Empty: messages are not signed.' : stays}
        />
      </>
    );
  if (draft.kind === 'chat')
    return (
      <>
        {choice('style', 'Of', [
          ['slack', 'Slack'],
          ['teams', 'Microsoft Teams'],
        ])}
        {url}
      </>
    );
  return (
    <>
      <TextField {...field('host')} label="Syslog server" required />
      {choice('transport', 'Over', [
        ['udp', 'UDP'],
        ['tcp', 'TCP'],
        ['tls', 'TLS'],
      ])}
      <TextField {...field('port')} label="Port" type="number" help="514, with TLS 6514, where left empty." />
      <TextField {...field('facility')} label="Facility" type="number" help="16 is local0." />
    </>
  );
}
