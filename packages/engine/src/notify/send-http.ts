import { type Clock, LeewardError } from '@leeward/core';
import { CertificateChanged, HttpsClient, type Trust } from '@leeward/platform';
import type { Message } from './message.ts';
import { signatureOf } from './signature.ts';
import { webhookUrl } from './target-url.ts';

const answerTimeoutMs = 20_000;

export interface PostOptions {
  readonly url: string;
  readonly trust: Trust;
  readonly headers?: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal;
}

/**
 * Posts JSON, follows no redirect and looks at nothing of the answer but its status: 2xx is delivered, 408, 429 and 5xx
 * may pass (`L-NTF-101`), all else is a refusal (`L-NTF-102`).
 */
export async function postJson({ url, trust, headers = {}, body, signal }: PostOptions): Promise<void> {
  const { origin, host, pathname, search } = webhookUrl(url);
  const client = new HttpsClient({
    ...{ origin, trust, maxConnections: 1 },
    ...{ headersTimeoutMs: answerTimeoutMs, bodyTimeoutMs: answerTimeoutMs },
  });
  try {
    const answer = await client
      .request({
        ...{ method: 'POST', path: `${pathname}${search}`, body, signal },
        headers: { 'content-type': 'application/json', 'user-agent': 'leeward', ...headers },
      })
      .catch((error: unknown) => {
        throw new LeewardError('L-NTF-101', { target: host, reason: reasonOf(error) }, error);
      });
    await answer.body.dump().catch(() => undefined);
    const { statusCode } = answer;
    if (statusCode >= 200 && statusCode < 300) return;
    const mayPass = statusCode === 408 || statusCode === 429 || statusCode >= 500;
    throw new LeewardError(mayPass ? 'L-NTF-101' : 'L-NTF-102', {
      target: host,
      reason: `it answered with HTTP status ${statusCode}`,
    });
  } finally {
    await client.close();
  }
}

export interface WebhookOptions extends Omit<PostOptions, 'body' | 'headers'> {
  /** For the signature; missing: not signed. */
  readonly secret?: string | undefined;
  readonly deliveryId: string;
  readonly clock: Clock;
}

/** The message itself as JSON, signed. The same delivery has the same id, whenever it is tried. */
export async function sendWebhook(message: Message, options: WebhookOptions): Promise<void> {
  const { secret, deliveryId, clock, ...where } = options;
  const body = JSON.stringify({ type: 'leeward.notification', version: 1, ...message });
  const headers: Record<string, string> = { 'leeward-delivery': deliveryId };
  if (secret !== undefined) headers['leeward-signature'] = signatureOf(secret, body, clock.now());
  await postJson({ ...where, headers, body });
}

function reasonOf(error: unknown): string {
  if (error instanceof CertificateChanged) return 'its certificate is another one';
  if (!(error instanceof Error)) return String(error);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
