import { type ChannelKind, messageSeverities, topics } from '@leeward/core/notify/notification';
import type { JobView } from '@leeward/core/schedule/job-view';
import { Checkbox, FormGroup } from '@patternfly/react-core';
import { useState } from 'react';
import type { Channel } from '../../api/notifications.ts';
import { useResource } from '../../api/use-resource.tsx';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { EntryForm } from '../../ui/entry-form.tsx';
import { SelectField } from '../../ui/select-field.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useSaving } from '../../ui/use-saving.ts';
import { channelBody, channelCommand, draftOf, isReady, newChannel } from './channel-draft.ts';
import { TargetFields } from './target-fields.tsx';

const kinds: readonly (readonly [ChannelKind, string])[] = [
  ['email', 'E-mail'],
  ['webhook', 'Webhook: signed JSON over HTTPS'],
  ['chat', 'Chat: incoming webhook of Slack or Teams'],
  ['syslog', 'Syslog'],
];

const topicWords = {
  run: 'runs of jobs',
  restore: 'restores',
  schedule: 'times at which a job was not started',
  chain: 'storage snapshots of chains that are gone, not locked or not removed',
  janitor: 'orphans, and what could not be cleaned up',
  digest: 'the daily report',
} as const;

interface ChannelFormProps {
  /** Missing: a new one. */
  readonly channel?: Channel;
  readonly onDone: () => void;
}

/** Where messages go, and which. */
export function ChannelForm({ channel, onDone }: ChannelFormProps) {
  const [draft, setDraft] = useState(() => (channel ? draftOf(channel) : newChannel));
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const jobs = useResource<readonly JobView[]>('/jobs').data ?? [];
  const saving = useSaving<Channel>({
    path: channel ? pathTo('/notification-channels/:id', { id: channel.id }) : '/notification-channels',
    first: channel,
    refill: (now) => setDraft(draftOf(now)),
  });
  return (
    <EntryForm
      label={channel ? `Change ${channel.name}` : 'New channel'}
      action={saving}
      save={channel ? 'Save' : 'Make the channel'}
      ready={isReady(draft, !channel)}
      cli={channelCommand(draft, quoted, channel?.name)}
      submit={(over) => saving.save(channelBody(draft, !channel), over)}
      onDone={onDone}
    >
      <TextField
        id="channel-name"
        label="Name"
        required
        value={draft.name}
        onChange={(name) => change({ name })}
      />
      {channel ? null : (
        <SelectField
          id="channel-kind"
          label="By"
          value={draft.kind}
          choices={kinds}
          onChange={(kind) => change({ kind: kind as ChannelKind })}
        />
      )}
      <TargetFields draft={draft} isNew={!channel} change={change} />
      <FormGroup role="group" label="About" fieldId="channel-topics">
        {topics.map((topic) => (
          <Checkbox
            key={topic}
            id={`topic-${topic}`}
            label={topicWords[topic]}
            isChecked={draft.topics.includes(topic)}
            onChange={(_event, checked) => change({ topics: toggled(draft.topics, topic, checked) })}
          />
        ))}
      </FormGroup>
      <FormGroup role="group" label="Where it was" fieldId="channel-severities">
        {messageSeverities.map((severity) => (
          <Checkbox
            key={severity}
            id={`severity-${severity}`}
            label={`a ${severity}`}
            isChecked={draft.severities.includes(severity)}
            onChange={(_event, checked) =>
              change({ severities: toggled(draft.severities, severity, checked) })
            }
          />
        ))}
      </FormGroup>
      <FormGroup role="group" label="Of these jobs; of all where none is chosen" fieldId="channel-jobs">
        {jobs.map(({ id, name }) => (
          <Checkbox
            key={id}
            id={`channel-job-${id}`}
            label={name}
            isChecked={draft.jobs.includes(id)}
            onChange={(_event, checked) => change({ jobs: toggled(draft.jobs, id, checked) })}
          />
        ))}
      </FormGroup>
      <Checkbox
        id="channel-enabled"
        label="Switched on"
        isChecked={draft.enabled}
        onChange={(_event, enabled) => change({ enabled })}
      />
    </EntryForm>
  );
}

function toggled<T>(list: readonly T[], value: T, isIn: boolean): readonly T[] {
  const others = list.filter((each) => each !== value);
  return isIn ? [...others, value] : others;
}
