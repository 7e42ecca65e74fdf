import type { ErrorReport, MessageSeverity, NotificationRules } from '@leeward/core';

/** Where messages go; passwords, secrets and addresses of webhooks are never told. */
export type ChannelTarget =
  | {
      readonly kind: 'email';
      readonly host: string;
      readonly port: number;
      readonly security: 'tls' | 'starttls' | 'none';
      readonly username?: string | undefined;
      readonly from: string;
      readonly to: readonly string[];
    }
  | { readonly kind: 'webhook'; readonly host: string; readonly signed: boolean }
  | { readonly kind: 'chat'; readonly style: 'slack' | 'teams'; readonly host: string }
  | {
      readonly kind: 'syslog';
      readonly host: string;
      readonly port: number;
      readonly transport: 'udp' | 'tcp' | 'tls';
      readonly facility: number;
    };

export interface Delivery {
  readonly id: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly title: string;
  readonly severity: MessageSeverity;
  readonly runId?: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly createdAt: string;
  readonly endedAt?: string;
  readonly problem?: ErrorReport;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly rules: NotificationRules;
  readonly target: ChannelTarget;
  readonly lastDelivery?: Delivery;
}

export interface TestedChannel {
  readonly delivered: boolean;
  readonly durationMs: number;
  readonly problem?: ErrorReport;
}
