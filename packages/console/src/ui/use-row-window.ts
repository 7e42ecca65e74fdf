import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type VisibleWindow, visibleWindow } from './visible-window.ts';

/** Tables up to here are drawn whole. */
const wholeUpTo = 100;

interface RowWindow {
  readonly box: RefObject<HTMLElement | null>;
  readonly body: RefObject<HTMLTableSectionElement | null>;
  readonly window: VisibleWindow;
  /** The table scrolls in a box of its own. */
  readonly isLong: boolean;
}

/** Which rows of a table have to be drawn, by how far its box is scrolled and how high its rows are. */
export function useRowWindow(rows: number): RowWindow {
  const box = useRef<HTMLElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const [rowPx, setRowPx] = useState(37);
  const [view, setView] = useState({ topPx: 0, heightPx: 800 });
  const isLong = rows > wholeUpTo;
  useEffect(() => {
    const element = box.current;
    if (!isLong || !element) return;
    const look = () => setView({ topPx: element.scrollTop, heightPx: element.clientHeight });
    const observer = new ResizeObserver(look);
    element.addEventListener('scroll', look, { passive: true });
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, [isLong]);
  useLayoutEffect(() => {
    const height = body.current?.querySelector<HTMLElement>('[data-row]')?.offsetHeight;
    if (isLong && height && Math.abs(height - rowPx) > 1) setRowPx(height);
  });
  const window = isLong
    ? visibleWindow(rows, rowPx, view.topPx, view.heightPx)
    : { from: 0, to: rows, above: 0, below: 0 };
  return { box, body, window, isLong };
}
