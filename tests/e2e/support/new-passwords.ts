import type { Disguise } from './front-door.ts';

/** A vCenter whose account has another password since: only that is let in, under the real one. */
export function vcenterPassword(wanted: string, real: string): Disguise {
  return {
    request: (message) => {
      const text = message.body.toString('latin1');
      const changed = text.replace(
        /<password>([^<]*)<\/password>/,
        (_, given: string) => `<password>${given === wanted ? real : 'the old one'}</password>`,
      );
      message.body = Buffer.from(changed, 'latin1');
    },
  };
}

/** The same for an account of an array. */
export function arrayPassword(username: string, wanted: string, real: string): Disguise {
  const basic = (secret: string) => `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
  return {
    request: ({ headers }) => {
      headers.authorization = basic(headers.authorization === basic(wanted) ? real : 'the old one');
    },
  };
}
