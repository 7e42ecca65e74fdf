import type { IncomingMessage } from 'node:http';

const sessionCookie = 'vmware_soap_session';

/** The value of a cookie, without the quotes that vCenter puts around it. */
export function cookieOf(request: IncomingMessage, name: string = sessionCookie): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=').replace(/^"(.*)"$/, '$1');
  }
  return undefined;
}

export function setCookie(value: string): string {
  return `${sessionCookie}="${value}"; Path=/; HttpOnly; Secure; `;
}

export function clientOf(request: IncomingMessage): { readonly address: string; readonly userAgent: string } {
  return {
    address: request.socket.remoteAddress ?? '',
    userAgent: request.headers['user-agent'] ?? '',
  };
}
