import type { JsonObject } from '../../json.ts';
import type { World } from '../world.ts';
import { unauthorized } from './api-error.ts';
import { type BodySpec, readArguments, text } from './body.ts';
import type { Reply } from './dispatcher.ts';
import { seconds } from './resource-set.ts';
import type { Session } from './tokens.ts';

const loginArguments: BodySpec = {
  username: { kind: 'string', required: true },
  password: { kind: 'string', required: true },
  app_name: 'string',
  sdk_name: 'string',
  source_ip: 'string',
  otp_code: 'string',
  grant_type: 'string',
  assertion: 'string',
};

/** `POST tokens`: the only call with a password, and the only answer with the token. */
export function openSession(world: World, data: JsonObject, sourceAddress: string): Reply {
  const login = readArguments(loginArguments, data);
  const name = text(login, 'username');
  const password = text(login, 'password');
  if (name === undefined || password === undefined) throw unauthorized();
  const appName = text(login, 'app_name') ?? '';
  const session = world.tokens.open({ name, password, appName, sourceAddress });
  return {
    status: 201,
    body: { data: { ...sessionRecord(world, session), session_token: session.token } },
  };
}

export function sessionRecord(world: World, session: Session): JsonObject {
  return {
    id: session.id,
    username: session.user.name,
    app_name: session.appName,
    source_ip: session.sourceAddress,
    creation_time: seconds(session.createdMs),
    last_modified: seconds(session.createdMs),
    expiry_time: seconds(session.usedMs + world.tokens.timeoutMs),
  };
}
