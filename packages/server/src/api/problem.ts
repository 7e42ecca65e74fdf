import {
  asLeewardError,
  type ErrorCode,
  type ErrorReport,
  type ExitClass,
  LeewardError,
  reportOf,
} from '@leeward/core';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { AllowedMethods } from './allowed-methods.ts';

/** Problem details (RFC 9457) with the entry of the error catalogue. */
export interface Problem extends ErrorReport {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly exit: ExitClass;
}

/** As in the catalogue: classes of exit codes. */
export const exitClasses = [
  'error',
  'usage',
  'partly',
  'not-found',
  'locked',
  'auth',
  'unreachable',
  'refused',
  'damage',
  'cancelled',
] as const satisfies readonly ExitClass[];

const statusOf: Readonly<Record<ExitClass, number>> = {
  error: 500,
  usage: 400,
  partly: 500,
  'not-found': 404,
  locked: 409,
  // A foreign system refused: who asks is not signed out by that.
  auth: 502,
  unreachable: 502,
  refused: 409,
  damage: 500,
  cancelled: 409,
};

/** Who asks is the one who is refused. */
const statusOfCode: Readonly<Partial<Record<ErrorCode, number>>> = {
  'L-AUT-101': 401,
  'L-AUT-102': 403,
  'L-AUT-103': 401,
  'L-AUT-104': 429,
  'L-AUT-105': 403,
  'L-AUT-108': 403,
  'L-AUT-109': 403,
  'L-AUT-110': 403,
  'L-API-102': 422,
  'L-API-103': 409,
  'L-API-104': 412,
  'L-API-106': 405,
  'L-AUT-111': 403,
  'L-AUT-152': 403,
  'L-AUT-153': 403,
  'L-AUT-154': 403,
  'L-AUT-156': 403,
};

export function problemOf(error: unknown): Problem {
  const report = reportOf(error);
  const { exit } = asLeewardError(error).entry;
  return {
    type: `urn:leeward:error:${report.code}`,
    title: report.what,
    status: statusOfCode[report.code] ?? statusOf[exit],
    exit,
    ...report,
  };
}

/** Answers what no route answers; undefined: it does not. */
export type AnswerWithPage = (request: FastifyRequest, reply: FastifyReply) => FastifyReply | undefined;

/** Every error leaves the API as problem details; what is not in the catalogue is a defect and logged as one. */
export function answerProblems(app: FastifyInstance, methods: AllowedMethods, page?: AnswerWithPage): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = asCatalogued(error);
    if (known.code === 'L-RUN-103') request.log.error(error, 'unexpected fault');
    const problem = problemOf(known);
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    const { seconds } = problem.details;
    if (problem.status === 429 && seconds !== undefined) reply.header('retry-after', String(seconds));
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const answered = page?.(request, reply);
    if (answered) return answered;
    const allowed = methods.at(request.url).join(', ');
    const { method, url } = request;
    const [path = ''] = url.split('?', 1);
    if (allowed) reply.header('allow', allowed);
    const problem = problemOf(
      allowed
        ? new LeewardError('L-API-106', { method, path, allowed })
        : new LeewardError('L-CFG-102', { kind: 'operation', name: url }),
    );
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
}

function asCatalogued(error: FastifyError): LeewardError {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problem = error.validation
      .map((each) => `${each.instancePath || 'input'} ${each.message}`)
      .join('; ');
    return new LeewardError('L-CFG-103', { problem }, error);
  }
  const isClientError = error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
  if (isClientError) return new LeewardError('L-CFG-103', { problem: error.message }, error);
  return asLeewardError(error);
}
