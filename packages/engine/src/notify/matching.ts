import type { Channel } from '../store/channels.ts';
import type { Message } from './message.ts';

/** Whether a channel wants a message. The daily report comes whatever its severity. */
export function wants({ enabled, rules }: Channel, { topics, severity, job }: Message): boolean {
  if (!enabled) return false;
  const wanted: readonly string[] = rules.topics;
  const about = topics.filter((topic) => wanted.includes(topic));
  if (about.length === 0) return false;
  if (about.includes('digest')) return true;
  if (!rules.severities.includes(severity)) return false;
  return job === undefined || rules.jobs === undefined || rules.jobs.includes(job.id);
}
