import type { Disguise, Message } from './front-door.ts';

/** A vCenter whose sessions are gone and whose account has another password. */
export const vcenterPasswordChanged: Disguise = {
  request: (message) => {
    delete message.headers.cookie;
    replace(message, /<password>[^<]*<\/password>/, '<password>the old one</password>');
  },
};

/** A vCenter that says it is of another version; its sessions ended when it was changed. */
export function vcenterVersion(apiVersion: string): Disguise {
  return {
    request: (message) => {
      delete message.headers.cookie;
    },
    answer: (message) => replace(message, /(<apiVersion[^>]*>)[^<]*/g, `$1${apiVersion}`),
  };
}

/** An array that gets other credentials than ours: those of another account, or a wrong password. */
export function arrayAccount(name: string, password: string): Disguise {
  return {
    request: ({ headers }) => {
      headers.authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    },
  };
}

/** An ONTAP cluster that says it has another release. */
export function ontapRelease(generation: number, major: number, minor: number): Disguise {
  return {
    answer: (message) => {
      if (!/^\/api\/cluster(\?|$)/.test(message.path)) return;
      const cluster = JSON.parse(message.body.toString()) as object;
      const full = `NetApp Release ${generation}.${major}.${minor}: Wed Jan 01 00:00:00 UTC 2020`;
      message.body = Buffer.from(JSON.stringify({ ...cluster, version: { full, generation, major, minor } }));
    },
  };
}

function replace(message: Message, pattern: RegExp, text: string): void {
  message.body = Buffer.from(message.body.toString('latin1').replace(pattern, text), 'latin1');
}
