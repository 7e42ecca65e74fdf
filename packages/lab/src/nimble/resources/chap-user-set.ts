import type { ChapUser } from '../model/objects.ts';
import { conflict, exists, invalidArgument, notFound } from '../rest/api-error.ts';
import { text } from '../rest/body.ts';
import { type Fields, resourceSet, seconds } from '../rest/resource-set.ts';

const chapFields: Fields<ChapUser> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  full_name: ({ name }) => name,
  search_name: ({ name }) => name,
  description: ({ description }) => description,
  initiator_iqns: ({ initiatorIqns }) => (initiatorIqns.length === 0 ? null : initiatorIqns),
  creation_time: ({ createdMs }) => seconds(createdMs),
  last_modified: ({ modifiedMs }) => seconds(modifiedMs),
  vol_list: () => null,
  vol_count: (user, { group }) =>
    new Set([...group.accessRecords.values()].filter((one) => one.chapUser === user).map((one) => one.volume))
      .size,
};

/** 12 to 16 characters, without blanks and the separators that the system refuses. */
const isChapPassword = (password: string): boolean => /^[^\s[\]&;`]{12,16}$/.test(password);

export const chapUserSet = resourceSet<ChapUser>({
  name: 'chap_users',
  fields: chapFields,
  list: ({ group }) => group.chapUsers.values(),
  create: {
    arguments: {
      name: { kind: 'label', required: true },
      password: { kind: 'string', required: true },
      description: 'text',
      initiator_iqns: 'list',
    },
    run: ({ world, data }) => {
      const name = text(data, 'name') ?? '';
      const password = text(data, 'password') ?? '';
      if ([...world.group.chapUsers.values()].some((one) => one.name === name)) throw exists(name);
      if (!isChapPassword(password)) throw invalidArgument('password');
      const iqns = Array.isArray(data['initiator_iqns']) ? data['initiator_iqns'].map(String) : [];
      const head = world.group.head('chapUser', name, text(data, 'description'));
      const user: ChapUser = { ...head, password, initiatorIqns: iqns };
      world.group.chapUsers.set(user.id, user);
      return user;
    },
  },
  update: {
    arguments: { name: 'label', password: 'string', description: 'text', initiator_iqns: 'list' },
    run: ({ world, data }, id) => {
      const user = world.group.chapUsers.get(id);
      const password = text(data, 'password');
      if (!user) throw notFound();
      if (password !== undefined && !isChapPassword(password)) throw invalidArgument('password');
      user.password = password ?? user.password;
      user.name = text(data, 'name') ?? user.name;
      user.description = text(data, 'description') ?? user.description;
      user.modifiedMs = world.group.clock.now();
      return user;
    },
  },
  remove: {
    arguments: {},
    run: ({ world }, id) => {
      const used = [...world.group.accessRecords.values()].some((one) => one.chapUser?.id === id);
      if (used) throw conflict('SM_ebusy', 'The CHAP user is used by access control records.');
      world.group.chapUsers.delete(id);
      return undefined;
    },
  },
});
