import { VimFault } from '../soap/fault.ts';
import { isDataObject } from '../soap/value.ts';
import { type Call, list, type Methods, requireSession, text } from './call.ts';
import { serviceContent } from './service-content.ts';
import { userSession } from './sessions.ts';

/** Methods of ServiceInstance and SessionManager. */
export const sessionMethods: Methods = {
  RetrieveServiceContent: (call) => serviceContent(call.world.config, call.world.root.ref),
  CurrentTime: (call) => new Date(call.world.clock.now()),
  Login: (call) => {
    const locale = call.args['locale'];
    if (locale !== undefined && !/^[a-z]{2}(_[A-Z]{2})?$/.test(text(locale)))
      throw new VimFault('InvalidLocale', {}, 'The locale is not supported.');
    if (call.session) throw new VimFault('InvalidLogin', {}, 'The session is already logged in.');
    const session = call.sessions.login(
      text(call.args['userName']),
      text(call.args['password']),
      call.client,
    );
    if (!session) {
      call.answer.status = 503;
      return undefined;
    }
    call.answer.session = session;
    return userSession(session);
  },
  Logout: (call) => {
    call.sessions.end(requireSession(call));
    return undefined;
  },
  SessionIsActive: (call) => {
    const session = call.sessions.byKey(text(call.args['sessionID']));
    return session?.account.userName === text(call.args['userName']);
  },
  TerminateSession: (call) => {
    for (const key of list(call.args['sessionId']).map(text)) {
      const session = call.sessions.byKey(key);
      if (!session || session === call.session)
        throw new VimFault('NotFound', {}, 'The session does not exist or is your own.');
      call.sessions.end(session);
    }
    return undefined;
  },
  AcquireGenericServiceTicket: (call) => {
    requireSession(call);
    const spec = call.args['spec'];
    const id = `cst-VCT-${call.world.randomness.uuid()}--lab`;
    const given = spec !== undefined && isDataObject(spec) ? spec : undefined;
    const url = text(given?.['url']);
    if (!URL.canParse(url)) throw new VimFault('InvalidArgument', { invalidProperty: 'url' });
    const method = text(given?.['method']) || 'httpGet';
    call.tickets.set(id, { url, method, issuedMs: call.world.clock.now() });
    return { $type: 'SessionManagerGenericServiceTicket', id, ...call.hostDoors.get(new URL(url).host) };
  },
  AcquireCloneTicket: (call) => {
    const ticket = `cst-VCT-clone-${call.world.randomness.uuid()}`;
    call.tickets.set(ticket, { url: '', method: requireSession(call).account.userName });
    return ticket;
  },
  CloneSession: (call) => cloneSession(call),
};

function cloneSession(call: Call) {
  const ticket = text(call.args['cloneTicket']);
  const known = call.tickets.get(ticket);
  const account = call.world.config.accounts.find((each) => each.userName === known?.method);
  if (!ticket.startsWith('cst-VCT-clone-') || !account)
    throw new VimFault('InvalidLogin', {}, 'The ticket is not valid.');
  call.tickets.delete(ticket);
  const session = call.sessions.open(account, call.client);
  if (!session) {
    call.answer.status = 503;
    return undefined;
  }
  call.answer.session = session;
  return userSession(session);
}
