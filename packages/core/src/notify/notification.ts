/** By what a message reaches people. `chat`: an incoming webhook of Slack or Microsoft Teams. */
export const channelKinds = ['email', 'webhook', 'chat', 'syslog'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/**
 * What a message is about. `schedule`: times at which a job was not started. `chain`: storage snapshots of chains that
 * are gone, not locked or not removed. `janitor`: orphans, and what could not be cleaned up. `digest`: the daily report.
 */
export const topics = ['run', 'restore', 'schedule', 'chain', 'janitor', 'digest'] as const;
export type Topic = (typeof topics)[number];

/** `warning`: it worked, and something needs a look. `failure`: something has no new point, or was not restored. */
export const messageSeverities = ['success', 'warning', 'failure'] as const;
export type MessageSeverity = (typeof messageSeverities)[number];

/** Which messages a channel gets. */
export interface NotificationRules {
  readonly topics: readonly Topic[];
  /** The daily report comes whatever its severity. */
  readonly severities: readonly MessageSeverity[];
  /** Ids of jobs; absent: all. What is about no job comes all the same. */
  readonly jobs?: readonly string[];
}

export const notificationDefaults = {
  topics: ['run', 'restore', 'schedule', 'chain', 'janitor'],
  severities: ['warning', 'failure'],
} as const satisfies NotificationRules;
