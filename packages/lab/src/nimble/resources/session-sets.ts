import type { NimbleConfig } from '../config.ts';
import { notFound } from '../rest/api-error.ts';
import type { Job } from '../rest/jobs.ts';
import { resourceSet, seconds } from '../rest/resource-set.ts';
import { sessionRecord } from '../rest/session-calls.ts';
import type { Session } from '../rest/tokens.ts';
import type { World } from '../world.ts';

/** The token itself is shown once, in the answer that made it. */
const sessionField = (key: string) => (session: Session, world: World) =>
  sessionRecord(world, session)[key] ?? null;

export const tokenSet = resourceSet<Session>({
  name: 'tokens',
  fields: Object.fromEntries(
    ['id', 'username', 'app_name', 'source_ip', 'creation_time', 'last_modified', 'expiry_time'].map(
      (key) => [key, sessionField(key)],
    ),
  ),
  summary: ['id', 'username', 'app_name'],
  list: ({ tokens }) => tokens.list(),
  remove: {
    arguments: {},
    run: ({ world }, id) => {
      const session = world.tokens.list().find((one) => one.id === id);
      if (!session) throw notFound();
      world.tokens.end(session);
      return undefined;
    },
  },
});

export const jobSet = resourceSet<Job>({
  name: 'jobs',
  fields: {
    id: ({ id }) => id,
    name: ({ name }) => name,
    description: ({ name }) => name,
    creation_time: ({ createdMs }) => seconds(createdMs),
    last_modified: ({ completedMs, createdMs }) => seconds(completedMs || createdMs),
    completion_time: ({ completedMs }) => seconds(completedMs),
    state: ({ state }) => state,
    result: ({ result }) => result,
    percent_complete: ({ state }) => ({ pending: 0, inprogress: 50, done: 100 })[state],
    object_id: ({ objectId }) => objectId,
    op_type: ({ opType }) => opType,
    type: () => 'simple',
    parent_job_id: () => '',
    request: ({ request }) => request,
    response: ({ response }) => response,
    current_phase: ({ state }) => (state === 'done' ? 1 : 0),
    current_phase_description: () => '',
    total_phases: () => 1,
  },
  list: ({ jobs }) => jobs.list(),
});

type User = NimbleConfig['users'][number];

const userId = (user: User, { group }: World): string =>
  `0f${group.uid}${(group.config.users.indexOf(user) + 1).toString(16).padStart(24, '0')}`;

export const userSet = resourceSet<User>({
  name: 'users',
  fields: {
    id: userId,
    name: ({ name }) => name,
    search_name: ({ name }) => name,
    full_name: ({ name }) => name,
    description: () => '',
    role: ({ role }) => role,
    inactivity_timeout: (_, { group }) => group.config.group.inactivityTimeoutSeconds,
    email_addr: () => '',
    disabled: ({ disabled }) => disabled,
    logged_in: (user, { tokens }) => tokens.list().some((one) => one.user === user),
  },
  list: ({ group }) => group.config.users,
});
