import type { Clock } from '@leeward/core';
import { z } from 'zod';
import { FaultBoard as AnyFaultBoard, faultSchemaOf } from '../../control/fault-board.ts';
import { RestError } from '../rest/rest-error.ts';

export type { StepProgress } from '../../control/fault-board.ts';

/**
 * Steps: `snapmirror.transfer`, with the destination path as its subject; `iscsi.login` and `iscsi.read`, with
 * `<target>/<initiator>` (`refuse`: the login, or BUSY; `cut`, `delay` and `hang` of reads).
 */
export const faultSchema = faultSchemaOf({
  code: z.number().int(),
  refuse: { code: 393271, message: 'fault of the lab' },
  fail: { code: 6620093, message: 'Transfer failed: network error' },
});
export type FaultInput = z.input<typeof faultSchema>;

/** Faults that the lab asked for, in this interface's words. */
export class FaultBoard extends AnyFaultBoard<number, FaultInput> {
  constructor(clock: Clock) {
    super({
      clock,
      parse: (input) => faultSchema.parse(input),
      refusal: (status, code, message) => new RestError(status, code, message),
    });
  }
}
