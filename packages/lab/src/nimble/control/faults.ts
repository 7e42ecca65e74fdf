import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { FaultBoard, faultSchemaOf } from '../../control/fault-board.ts';
import { ApiError } from '../rest/api-error.ts';

/**
 * Steps: `replication`, with `<volume collection>/<volume>` as its subject; `iscsi.login` and `iscsi.read`, with
 * `<target>/<initiator>` (`refuse`: the login, or BUSY; `cut`, `delay` and `hang` of reads). Of synchronous pairs:
 * `sync.call` with `<method> <path>` loses the sync of all pairs at that call (`refuse`, `fail`) or their secondary array
 * (`cut`, before or after the call); `sync.snapshot` with the volume collection does it while both halves are made.
 */
export const faultSchema = faultSchemaOf({
  code: z.string(),
  refuse: { code: 'SM_srv_unreach', message: 'fault of the lab' },
  fail: { code: 'SM_err_repl_cant_connect', message: 'the lab lets the replication fail' },
});
export type FaultInput = z.input<typeof faultSchema>;

/** Faults that the lab asked for, in this interface's words. */
export class Faults extends FaultBoard<string, FaultInput> {
  constructor(clock: Clock) {
    super({
      clock,
      parse: (input) => faultSchema.parse(input),
      refusal: (status, code, message) => new ApiError(status, code, message),
    });
  }
}
