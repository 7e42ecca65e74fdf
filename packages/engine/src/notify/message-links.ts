import { ConsoleLinks } from '../reports/console-links.ts';
import type { Message } from './message.ts';

/** The message with links to what it is about; the same without a public address. */
export function withLinks(message: Message, publicUrl: string | null): Message {
  const pages = new ConsoleLinks(publicUrl);
  const { runId, job, date, topics } = message;
  const links = [
    ...(runId === undefined ? [] : pages.run(runId)),
    ...(job ? pages.job(job.id) : []),
    ...(date === undefined ? [] : pages.dailyReport(date)),
    ...(topics.includes('janitor') ? pages.orphans() : []),
    ...(topics.includes('test') ? pages.start() : []),
  ];
  return links.length === 0 ? message : { ...message, links };
}
