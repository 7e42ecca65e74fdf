/** A place where the order of things is open and where a process may die. */
export interface Point {
  readonly process: string;
  readonly flowId: string;
  readonly label: string;
  /**
   * `claim`: before a flow is taken from a queue; `before`: a recorded operation; `done`: its work ran, nothing
   * is recorded; `recorded`: it is, the flow does not know yet; `call`, `answer`: around a call to the world
   * (`linkToProcess`); `end`: the flow has its outcome, nobody else knows.
   */
  readonly moment: 'claim' | 'before' | 'done' | 'recorded' | 'call' | 'answer' | 'end';
}

/** Decides when whoever is at a point may go on. */
export interface Schedule {
  reach(point: Point): Promise<void>;
}

/** Everybody goes on at once. */
export const immediately: Schedule = { reach: () => Promise.resolve() };
