import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Services } from '../api/call.ts';
import type { Session, SessionStore } from '../api/sessions.ts';
import { clientOf, cookieOf, setCookie } from './cookies.ts';

/** How long a ticket may be used for its one request. */
const ticketMs = 120_000;

/** By session cookie, or by Basic, which opens a session of its own as real servers do. */
export function sessionOf(
  sessions: SessionStore,
  request: IncomingMessage,
  response: ServerResponse,
): Session | undefined {
  const known = sessions.touch(cookieOf(request));
  if (known) return known;
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  const [userName = '', ...password] = Buffer.from(basic, 'base64').toString('utf8').split(':');
  try {
    const session = sessions.login(userName, password.join(':'), clientOf(request));
    if (session) response.setHeader('set-cookie', setCookie(session.cookie));
    return session;
  } catch {
    return undefined;
  }
}

/** A ticket of vCenter is good for one request, of its method and its whole address, within two minutes. */
export function usesTicket(services: Services, request: IncomingMessage): boolean {
  const id = cookieOf(request, 'vmware_cgi_ticket');
  const ticket = id === undefined ? undefined : services.tickets.get(id);
  if (id === undefined || !ticket) return false;
  const asked = addressOf(`https://${request.headers.host ?? ''}${request.url ?? ''}`);
  if (asked === undefined || asked !== addressOf(ticket.url)) return false;
  if (ticket.method !== `http${capital(request.method ?? '')}`) return false;
  services.tickets.delete(id);
  return services.world.clock.now() - (ticket.issuedMs ?? 0) <= ticketMs;
}

/** Host, port, path and query in one form, whoever encoded them. */
function addressOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const query = [...url.searchParams].map(([key, value]) => `${key}=${value}`).sort();
  return [url.host, decodeURIComponent(url.pathname), ...query].join('\n');
}

function capital(method: string): string {
  return method.slice(0, 1) + method.slice(1).toLowerCase();
}
