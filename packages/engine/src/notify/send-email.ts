import { LeewardError } from '@leeward/core';
import { isLoopback } from './target-url.ts';

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly caPem?: string | undefined;
  readonly account?: { readonly username: string; readonly password: string } | undefined;
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for the same delivery: mailboxes then know a repeated one. */
  readonly id: string;
  readonly attachments?: readonly {
    readonly name: string;
    readonly type: string;
    readonly content: string;
  }[];
}

const silentMs = 20_000;

/** `L-NTF-104`: a password goes over an encrypted connection only, but to this host itself. */
export function requireSafeLogin({ host, security, account }: MailServer): void {
  if (account && security === 'none' && !isLoopback(host)) throw new LeewardError('L-NTF-104', { host });
}

/**
 * Hands one mail to the server; certificates are always verified. `L-NTF-101` for what may pass: no connection, answers
 * 4xx; `L-NTF-102` for a refusal: account, sender, every recipient.
 */
export async function sendEmail(server: MailServer, mail: Mail, signal: AbortSignal): Promise<void> {
  requireSafeLogin(server);
  // Loaded when it is first needed: it is large, and many servers send no mail.
  const { createTransport } = await import('nodemailer');
  signal.throwIfAborted();
  const { host, port, security, caPem, account } = server;
  const transport = createTransport({
    ...{ host, port, secure: security === 'tls', requireTLS: security === 'starttls' },
    ignoreTLS: security === 'none',
    ...(account ? { auth: { user: account.username, pass: account.password } } : {}),
    tls: { minVersion: 'TLSv1.2', ...(caPem === undefined ? {} : { ca: caPem }) },
    ...{ connectionTimeout: silentMs, greetingTimeout: silentMs, socketTimeout: silentMs },
    // Nothing of a message may make the server read files or fetch addresses.
    ...{ disableFileAccess: true, disableUrlAccess: true },
  });
  const stop = () => transport.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await transport.sendMail({
      ...{ from: mail.from, to: [...mail.to], subject: mail.subject, text: mail.text, html: mail.html },
      messageId: `<${mail.id}@leeward>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Leeward-Delivery': mail.id },
      attachments: (mail.attachments ?? []).map(({ name, type, content }) => ({
        ...{ filename: name, contentType: type, content },
      })),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, `${host}:${port}`);
  } finally {
    signal.removeEventListener('abort', stop);
    transport.close();
  }
}

/** Account, sender and recipients are refused for good by 5xx alone: answers 4xx ask to try again. */
function failureOf(error: unknown, target: string): LeewardError {
  const {
    message = '',
    code,
    responseCode,
  } = error as {
    readonly message?: string;
    readonly code?: string;
    readonly responseCode?: number;
  };
  const isRefused =
    responseCode !== undefined ? responseCode >= 500 : code === 'EAUTH' || code === 'EENVELOPE';
  // The text of an SMTP server, cut; passwords are never part of it.
  const reason = message.replace(/\s+/g, ' ').slice(0, 300);
  return new LeewardError(isRefused ? 'L-NTF-102' : 'L-NTF-101', { target, reason }, error);
}
