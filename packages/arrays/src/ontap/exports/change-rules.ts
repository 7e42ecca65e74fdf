import { isError, retry } from '@leeward/core';
import { ensure } from '../../rest/ensure.ts';
import { KeyedLock } from '../../turns/keyed-lock.ts';
import type { OntapArray } from '../ontap-array.ts';
import { change, unlessGone } from '../rest/change.ts';
import { isOwnRuleFor, ownRuleBody } from './own-rule.ts';
import { readRules, rulesPath } from './rule-record.ts';

/** Adds and removes our rules in policies of the administrator, one change of a policy at a time. */
export class RuleChanges {
  readonly #array: OntapArray;
  readonly #lock = new KeyedLock();

  constructor(array: OntapArray) {
    this.#array = array;
  }

  /** Puts our rule for an address in last place, unless it is there already. */
  add(policyId: number, address: string, signal?: AbortSignal): Promise<void> {
    return this.#lock.run(String(policyId), async () => {
      const { rest } = this.#array;
      const path = rulesPath(policyId);
      await ensure(rest, {
        object: `the export rule for ${address}`,
        find: () => this.#find(policyId, address, signal),
        // Without an index the array appends it.
        create: () =>
          change(rest, { method: 'POST', path, body: ownRuleBody(address), mayBecomeJob: false, signal }),
        signal,
      });
    });
  }

  /**
   * Removes our rule for an address. Indices shift, so its index is read anew right before every try: repeating
   * a delete by index alone could hit the administrator's next rule.
   */
  remove(policyId: number, address: string, signal?: AbortSignal): Promise<void> {
    const { rest } = this.#array;
    const policy = { attempts: 4, firstDelayMs: 1_000, maxDelayMs: 8_000, signal };
    return this.#lock.run(String(policyId), () =>
      retry(rest.clock, policy, async () => {
        const index = await this.#findOrGone(policyId, address, signal);
        if (index === undefined) return;
        const path = `${rulesPath(policyId)}/${index}`;
        await unlessGone(() => change(rest, { method: 'DELETE', path, mayBecomeJob: false, signal }));
      }),
    );
  }

  async #find(policyId: number, address: string, signal?: AbortSignal): Promise<number | undefined> {
    const rules = await readRules(this.#array, policyId, signal);
    return rules.find((rule) => isOwnRuleFor(rule, address))?.index;
  }

  /** A policy that the administrator has removed meanwhile has no rule of ours either. */
  async #findOrGone(policyId: number, address: string, signal?: AbortSignal): Promise<number | undefined> {
    try {
      return await this.#find(policyId, address, signal);
    } catch (error) {
      if (isError(error, 'L-ARR-009')) return undefined;
      throw error;
    }
  }
}
