import type { MessageSeverity } from '@leeward/core';
import type { Message } from './message.ts';

/** Both have limits far above; what is longer is of no use in a chat. */
const longestText = 2_500;
const mostProblems = 8;

const signs: Readonly<Record<MessageSeverity, string>> = { success: '✅', warning: '⚠️', failure: '❌' };

/** What an incoming webhook of Slack takes. */
export function slackBody(message: Message): object {
  const { links = [] } = message;
  const title = `${signs[message.severity]} ${message.title}`;
  return {
    text: slackText(title),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(title, 150) } },
      ...paragraphs(message).map((text) => ({
        type: 'section',
        text: { type: 'mrkdwn', text: cut(slackText(text), longestText) },
      })),
      ...(links.length > 0 ? [{ type: 'section', text: { type: 'mrkdwn', text: slackLinks(links) } }] : []),
    ],
  };
}

/** What a workflow of Microsoft Teams for incoming webhooks takes: an adaptive card. */
export function teamsBody(message: Message): object {
  const { links = [] } = message;
  const title = `${signs[message.severity]} ${message.title}`;
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: plain(title), weight: 'Bolder', size: 'Medium', wrap: true },
            ...paragraphs(message).map((text) => ({
              type: 'TextBlock',
              text: cut(plain(text), longestText),
              wrap: true,
            })),
          ],
          ...(links.length > 0
            ? { actions: links.map(({ title: text, url }) => ({ type: 'Action.OpenUrl', title: text, url })) }
            : {}),
        },
      },
    ],
  };
}

function paragraphs({ lines, problems }: Message): readonly string[] {
  const told = problems.slice(0, mostProblems);
  const left = problems.length - told.length;
  return [
    ...(lines.length > 0 ? [lines.join('\n')] : []),
    ...told.map(({ code, vm, what, next }) => `${code}${vm === undefined ? '' : ` ${vm}`}: ${what}\n${next}`),
    ...(left > 0 ? [`and ${left} more`] : []),
  ];
}

/** Titles are our own, addresses are made of what was checked and of escaped ids. */
function slackLinks(links: NonNullable<Message['links']>): string {
  return links.map(({ title, url }) => `<${url}|${title}>`).join(' · ');
}

/** Its three control characters; names from foreign systems must not become links or mentions. */
function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Cards take Markdown: its signs are made harmless. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]()#<>~|]/g, (sign) => `\\${sign}`);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
