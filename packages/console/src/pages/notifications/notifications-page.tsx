import { Button, Card, CardBody, CardTitle, Label } from '@patternfly/react-core';
import { useState } from 'react';
import type { Channel, ChannelTarget, Delivery, TestedChannel } from '../../api/notifications.ts';
import { useResource } from '../../api/use-resource.tsx';
import { useSession } from '../../app/session-context.tsx';
import { duration } from '../../format/duration.ts';
import { quoted } from '../../format/quoted.ts';
import { pathTo } from '../../router/match.ts';
import { EntriesPage, type OpenForm } from '../../ui/entries-page.tsx';
import { EntryDeeds } from '../../ui/entry-deeds.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { NothingYet } from '../../ui/nothing-yet.tsx';
import { ProblemAlert } from '../../ui/problem-alert.tsx';
import { useAction } from '../../ui/use-action.ts';
import { When } from '../../ui/when.tsx';
import { ChannelForm } from './channel-form.tsx';
import { DeliveryLabel, DeliveryTable } from './delivery-table.tsx';

/** Over which channels people hear of what happens, and how the messages fared. */
export default function NotificationsPage() {
  return (
    <EntriesPage
      title="Notifications"
      cli="leeward notification list"
      json="/notification-channels"
      makes="New channel"
      needs="administer"
    >
      {(form) => <Channels form={form} />}
    </EntriesPage>
  );
}

function Channels({ form: { isNew, id, open, close } }: { readonly form: OpenForm }) {
  const channels = useResource<readonly Channel[]>('/notification-channels');
  const deliveries = useResource<readonly Delivery[]>('/notification-deliveries?limit=100');
  return (
    <div className="lw-stack">
      {isNew ? <ChannelForm onDone={close} /> : null}
      <Loaded resource={channels}>
        {(known) =>
          known.length === 0 ? (
            <NothingYet title="Nobody is told of anything yet">
              A channel sends mails, calls a webhook, posts into a chat or writes to syslog when a run failed,
              a time was missed, or the daily report is there. Make one with “New channel”, then send a test.
            </NothingYet>
          ) : (
            <Card>
              <CardTitle component="h2">Channels</CardTitle>
              <CardBody>
                {known.map((channel) => (
                  <ChannelItem
                    key={channel.id}
                    channel={channel}
                    isEdited={channel.id === id}
                    edit={(isEdited) => (isEdited ? open(channel.id) : close())}
                  />
                ))}
              </CardBody>
            </Card>
          )
        }
      </Loaded>
      <Loaded resource={deliveries}>
        {(known) =>
          known.length === 0 ? null : (
            <Card>
              <CardTitle component="h2">What was sent</CardTitle>
              <CardBody>
                <DeliveryTable deliveries={known} />
              </CardBody>
            </Card>
          )
        }
      </Loaded>
    </div>
  );
}

interface ChannelItemProps {
  readonly channel: Channel;
  readonly isEdited: boolean;
  readonly edit: (isEdited: boolean) => void;
}

function ChannelItem({ channel, isEdited, edit }: ChannelItemProps) {
  const { id, name, enabled, rules, target, lastDelivery } = channel;
  const path = pathTo('/notification-channels/:id', { id });
  const { api } = useSession();
  const { busy, error, run } = useAction();
  const [tested, setTested] = useState<TestedChannel>();
  const test = () => run(async () => setTested(await api.post<TestedChannel>(`${path}/test`)));
  return (
    <div className="lw-vm">
      <div className="lw-head-row">
        <strong>{name}</strong>
        {enabled ? null : (
          <Label isCompact status="warning">
            switched off
          </Label>
        )}
        <span className="lw-faint-text lw-anywhere">
          {targetText(target)}; {rules.topics.join(', ')}; {rules.severities.join(', ')}
          {rules.jobs ? `; of ${rules.jobs.length} jobs` : ''}
        </span>
        <Button
          variant="secondary"
          size="sm"
          isLoading={busy}
          isDisabled={busy}
          aria-label={`Send a test over ${name}`}
          onClick={() => void test()}
        >
          Send a test
        </Button>
        <EntryDeeds
          name={name}
          path={path}
          change={() => edit(!isEdited)}
          title={`Remove the channel ${name}?`}
          cli={`leeward notification remove ${quoted(name)}`}
        >
          Nothing is sent over it any more, and its secrets are forgotten.
        </EntryDeeds>
      </div>
      {lastDelivery ? (
        <p>
          <DeliveryLabel state={lastDelivery.state} /> {lastDelivery.title},{' '}
          <When at={lastDelivery.createdAt} />
        </p>
      ) : (
        <p className="lw-faint-text">Nothing was sent over it yet.</p>
      )}
      {lastDelivery?.problem ? <ProblemAlert problem={lastDelivery.problem} variant="warning" /> : null}
      {error === undefined ? null : <ProblemAlert problem={error} />}
      {tested?.problem ? <ProblemAlert problem={tested.problem} /> : null}
      {tested?.delivered ? <p role="status">The test was taken in {duration(tested.durationMs)}.</p> : null}
      {isEdited ? <ChannelForm channel={channel} onDone={() => edit(false)} /> : null}
    </div>
  );
}

function targetText(target: ChannelTarget): string {
  if (target.kind === 'email') return `mail to ${target.to.join(', ')} by ${target.host}:${target.port}`;
  if (target.kind === 'webhook') return `${target.signed ? 'signed' : 'unsigned'} webhook at ${target.host}`;
  if (target.kind === 'chat') return `${target.style === 'teams' ? 'Teams' : 'Slack'} at ${target.host}`;
  return `syslog at ${target.host}:${target.port} over ${target.transport.toUpperCase()}`;
}
