import { type ChannelKind, channelKinds, LeewardError } from '@leeward/core';
import type { ChannelView, DeliveryView, TestedChannel } from '@leeward/server';
import { type Command, Option } from 'commander';
import { exitCodes } from '../output/exit-codes.ts';
import { duration, when } from '../output/format.ts';
import { type CommandTools, onServer } from './command-context.ts';
import { type ChannelOptions, channelOptions, rulesOf, targetOf } from './notification-options.ts';
import { wholeOption } from './number-option.ts';

const pathOf = (wanted: string) => `/notification-channels/${encodeURIComponent(wanted)}`;

export function notificationCommands(program: Command, tools: CommandTools): void {
  const noun = program
    .command('notification')
    .description('notifications: channels over which people hear of what happens');
  onServer(
    noun.command('list').description('channels, and how their last message fared'),
    tools,
    async ({ server, output }) => {
      output.rows(
        await server.api.get<ChannelView[]>('/notification-channels'),
        {
          NAME: ({ name }) => name,
          KIND: ({ target }) => target.kind,
          TARGET: targetText,
          TOPICS: ({ rules }) => rules.topics.join(', '),
          SEVERITIES: ({ rules }) => rules.severities.join(', '),
          STATE: ({ enabled }) => (enabled ? 'on' : 'off'),
          LAST: lastText,
        },
        'No channel yet: `leeward notification create` makes one.',
      );
      return undefined;
    },
  );
  onServer(
    noun.command('show <name>').description('a channel, without its secrets'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const channel = await server.api.get<ChannelView>(pathOf(wanted));
      output.result(channel, () => channelText(channel));
      return undefined;
    },
  );
  const create = noun
    .command('create <name>')
    .description('make a channel')
    .addOption(
      new Option('--kind <kind>', 'email, webhook (signed JSON), chat (Slack, Teams) or syslog')
        .choices(channelKinds)
        .makeOptionMandatory(),
    );
  onServer<ChannelOptions>(channelOptions(create), tools, async ({ server, output }, options, name) => {
    const { kind = 'email' } = options;
    const target = await targetOf(kind, options, true);
    const channel = await server.api.post<ChannelView>('/notification-channels', {
      ...{ name, target },
      ...rulesOf(options),
    });
    output.result(
      channel,
      () => `channel ${channel.name} created; \`leeward notification test ${channel.name}\` tries it`,
    );
    return undefined;
  });
  const edit = noun
    .command('edit <name>')
    .description('change what is given of a channel; its kind stays')
    .option('--name <name>', 'a new name')
    .option('--enable', 'send again')
    .option('--disable', 'send nothing');
  onServer<ChannelOptions & { readonly name?: string; readonly enable?: true; readonly disable?: true }>(
    channelOptions(edit),
    tools,
    async ({ server, output }, options, wanted) => {
      const { name, enable, disable } = options;
      if (enable && disable)
        throw new LeewardError('L-CFG-103', { problem: '--enable and --disable exclude each other' });
      const channel = await server.api.edit<ChannelView>(pathOf(wanted), async (known) => {
        const target = await targetOf(known.target.kind as ChannelKind, options, false);
        return {
          ...(name === undefined ? {} : { name }),
          ...(enable || disable ? { enabled: enable === true } : {}),
          ...(target ? { target } : {}),
          ...rulesOf(options),
        };
      });
      output.result(channel, () => channelText(channel));
      return undefined;
    },
  );
  onServer(
    noun.command('remove <name>').description('remove a channel and its secrets'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const removed = await server.api.delete<ChannelView>(pathOf(wanted));
      output.result(removed, () => `channel ${removed.name} removed`);
      return undefined;
    },
  );
  onServer(
    noun.command('test <name>').description('send a message now and say what happened'),
    tools,
    async ({ server, output }, _options, wanted) => {
      const tested = await server.api.post<TestedChannel>(`${pathOf(wanted)}/test`);
      const { delivered, durationMs, problem } = tested;
      output.result(tested, () =>
        delivered ? `delivered in ${duration(durationMs)}` : `not delivered after ${duration(durationMs)}`,
      );
      if (problem) output.problem(problem);
      return delivered ? exitCodes.ok : exitCodes.unreachable;
    },
  );
  const deliveries = noun
    .command('deliveries')
    .description('what was sent, newest first')
    .option('--channel <name>', 'only over this channel')
    .addOption(new Option('--state <state>', 'only these').choices(['pending', 'delivered', 'failed']))
    .addOption(wholeOption('--limit <n>', 'at most n of them', 1, 1_000).default(50));
  onServer<{ readonly channel?: string; readonly state?: string; readonly limit: number }>(
    deliveries,
    tools,
    async ({ server, output }, { channel, state, limit }) => {
      const query = new URLSearchParams({ limit: String(limit) });
      if (channel !== undefined) query.set('channel', channel);
      if (state !== undefined) query.set('state', state);
      output.rows(
        await server.api.get<DeliveryView[]>(`/notification-deliveries?${query}`),
        {
          TIME: ({ createdAt }) => when(createdAt),
          CHANNEL: ({ channelName }) => channelName,
          STATE: ({ state: of }) => of,
          TRIES: ({ attempts }) => String(attempts),
          TITLE: ({ title }) => title,
          PROBLEM: ({ problem }) => problem?.what ?? '',
        },
        'Nothing was sent yet.',
      );
      return undefined;
    },
  );
}

function targetText({ target }: ChannelView): string {
  switch (target.kind) {
    case 'email':
      return `${target.to.join(', ')} by ${target.host}:${target.port}`;
    case 'syslog':
      return `${target.transport} ${target.host}:${target.port}`;
    case 'chat':
      return `${target.style} at ${target.host}`;
    default:
      return `${target.host}${target.signed ? ', signed' : ''}`;
  }
}

function lastText({ lastDelivery }: ChannelView): string {
  if (!lastDelivery) return '';
  const { state, createdAt, attempts } = lastDelivery;
  return `${state}${state === 'pending' && attempts > 0 ? ` after ${attempts} tries` : ''} ${when(createdAt)}`;
}

function channelText(channel: ChannelView): string {
  const { name, id, enabled, target, rules, lastDelivery } = channel;
  return [
    `channel ${name} (${id})`,
    `  kind        ${target.kind}${enabled ? '' : ', switched off'}`,
    `  target      ${targetText(channel)}`,
    `  topics      ${rules.topics.join(', ') || 'none'}`,
    `  severities  ${rules.severities.join(', ') || 'none'}`,
    `  jobs        ${rules.jobs?.join(', ') ?? 'all'}`,
    `  last        ${lastText(channel) || 'nothing was sent yet'}`,
    ...(lastDelivery?.problem
      ? [`              ${lastDelivery.problem.code} ${lastDelivery.problem.what}`]
      : []),
  ].join('\n');
}
