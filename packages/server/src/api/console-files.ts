import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { isOfApi } from './page-headers.ts';
import type { AnswerWithPage } from './problem.ts';

const page = 'index.html';

/** Where the console is when it was built; undefined when it was not. */
export function builtConsole(): string | undefined {
  const folder = fileURLToPath(new URL('../../../console/dist', import.meta.url));
  return existsSync(join(folder, page)) ? folder : undefined;
}

/** The files of the console at `/`. Those whose names hold a hash of their content never change. */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<void> {
  await app.register(files, {
    root: folder,
    dotfiles: 'ignore',
    cacheControl: false,
    setHeaders(reply, path) {
      const isHashed = path.startsWith(join(folder, 'assets'));
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

/** The console has addresses of its own: to them its one page is the answer. */
export const consolePage: AnswerWithPage = ({ method, url }, reply) => {
  const isFile = /\.\w+(\?|$)/.test(url);
  if ((method !== 'GET' && method !== 'HEAD') || isOfApi(url) || isFile) return undefined;
  return reply.code(200).sendFile(page);
};
