import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** Slower answers are worth a line. Checks and probes take long by nature, but are rare. */
const slowMs = 1_000;

/** Of requests only those that failed or were slow are logged: a watched run alone asks several times a second. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const { method, url } = request;
    const facts = { method, url, status: reply.statusCode, durationMs: Math.round(reply.elapsedTime) };
    if (error || reply.statusCode >= 500) request.log.error({ ...facts, err: error }, 'request failed');
    else if (reply.elapsedTime > slowMs) request.log.info(facts, 'slow request');
  }

  override routeNotFound(): void {}
}
