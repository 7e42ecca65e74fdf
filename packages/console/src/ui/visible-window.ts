export interface VisibleWindow {
  /** First row that is drawn, and the one after the last. */
  readonly from: number;
  readonly to: number;
  /** Heights of what is not drawn, above and below, in pixels. */
  readonly above: number;
  readonly below: number;
}

/** Rows that are drawn besides those that are seen, so that scrolling shows no gap. */
const margin = 12;

/** Which rows of equal height have to be drawn where a view of `viewPx` is scrolled to `topPx`. */
export function visibleWindow(rows: number, rowPx: number, topPx: number, viewPx: number): VisibleWindow {
  const first = Math.floor(Math.max(0, topPx) / rowPx) - margin;
  const last = Math.ceil((Math.max(0, topPx) + viewPx) / rowPx) + margin;
  const to = Math.min(rows, Math.max(last, 0));
  const from = Math.max(0, Math.min(first, to));
  return { from, to, above: from * rowPx, below: (rows - to) * rowPx };
}
