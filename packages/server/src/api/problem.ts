import { asLeewardError, type ErrorReport, type ExitClass, LeewardError, reportOf } from '@leeward/core';
import type { FastifyError, FastifyInstance } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';

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
  auth: 401,
  unreachable: 502,
  refused: 409,
  damage: 500,
  cancelled: 409,
};

export function problemOf(error: unknown): Problem {
  const report = reportOf(error);
  const { exit } = asLeewardError(error).entry;
  return {
    type: `urn:leeward:error:${report.code}`,
    title: report.what,
    status: statusOf[exit],
    exit,
    ...report,
  };
}

/** Every error leaves the API as problem details; what is not in the catalogue is a defect and logged as one. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = asCatalogued(error);
    if (known.code === 'L-RUN-103') request.log.error(error, 'unexpected fault');
    const problem = problemOf(known);
    return reply.code(problem.status).type('application/problem+json').send(problem);
  });
  app.setNotFoundHandler((request, reply) => {
    const problem = problemOf(new LeewardError('L-CFG-102', { kind: 'operation', name: request.url }));
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
