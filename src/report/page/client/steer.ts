/** How a reader moves the window of time on a plot of it. */
import { svgElement } from './elements.js';
import type { PlotFrame } from './plot-frame.js';
import type { TimeWindow } from './time-window.js';

const STEP = 0.1;
const FACTOR = 1.5;
/** A drag shorter than this many pixels is a click. */
const CLICK = 4;
/** A box lower than this is meant to be a stretch of time. */
const FLAT = 12;

/** What a plot does when a reader has drawn a box on it: from the top of the area, in px. */
export type ChooseRows = (top: number, bottom: number) => void;

/**
 * Lets a reader move the window on a plot of it: keys, dragging (with Shift to pan), the wheel once
 * the plot has the focus, or with Ctrl at any time; a double click shows all. Where a plot has rows
 * to choose from, dragging draws a box.
 */
export function steer(frame: PlotFrame, window: TimeWindow, chooseRows?: ChooseRows): void {
  const { element } = frame;
  element.tabIndex = 0;
  element.setAttribute('role', 'application');
  element.style.cursor = 'crosshair';
  element.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !press(event.key, window)) return;
    event.preventDefault();
  });
  element.addEventListener(
    'wheel',
    (event) => {
      if (!(event.ctrlKey || document.activeElement === element)) return;
      event.preventDefault();
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (sideways) window.pan(Math.sign(event.deltaX) * STEP);
      else window.zoom(event.deltaY < 0 ? FACTOR : 1 / FACTOR, timeAt(frame, window, event));
    },
    { passive: false },
  );
  element.addEventListener('dblclick', () => window.reset());
  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    if (event.shiftKey) dragAlong(frame, window, event);
    else dragBox(frame, window, event, chooseRows);
  });
}

function press(key: string, window: TimeWindow): boolean {
  switch (key) {
    case 'ArrowLeft':
      window.pan(-STEP);
      return true;
    case 'ArrowRight':
      window.pan(STEP);
      return true;
    case '+':
    case '=':
      window.zoom(FACTOR);
      return true;
    case '-':
      window.zoom(1 / FACTOR);
      return true;
    case '0':
    case 'Escape':
      window.reset();
      return true;
    default:
      return false;
  }
}

function timeAt(frame: PlotFrame, { start, end }: TimeWindow, { clientX }: MouseEvent): number {
  const { left, width } = frame.area;
  const x = clientX - frame.element.getBoundingClientRect().left - left;
  return start + Math.min(Math.max(x / width, 0), 1) * (end - start);
}

/** Calls `move` until the pointer is let go, then `finish`, unless the drag was broken off. */
function follow(
  { element }: PlotFrame,
  { pointerId }: PointerEvent,
  move: (event: PointerEvent) => void,
  finish: (event: PointerEvent | undefined) => void,
): void {
  element.setPointerCapture(pointerId);
  const listening = new AbortController();
  const { signal } = listening;
  const end = (event: PointerEvent) => {
    listening.abort();
    finish(event.type === 'pointerup' ? event : undefined);
  };
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', end, { signal });
  element.addEventListener('pointercancel', end, { signal });
}

function dragAlong(frame: PlotFrame, window: TimeWindow, down: PointerEvent): void {
  const { start, end } = window;
  const move = (event: PointerEvent) => {
    const by = ((down.clientX - event.clientX) / frame.area.width) * (end - start);
    window.set(start + by, end + by);
  };
  follow(frame, down, move, () => {});
}

function dragBox(
  frame: PlotFrame,
  window: TimeWindow,
  down: PointerEvent,
  chooseRows: ChooseRows | undefined,
): void {
  const { svg, area } = frame;
  const box = svgElement('rect', { class: 'selection' });
  svg.append(box);
  const limits = (event: PointerEvent) => {
    const place = frame.element.getBoundingClientRect();
    const [x0, x1] = [down, event].map(({ clientX }) =>
      within(clientX - place.left, area.left, area.width),
    );
    const [y0, y1] = [down, event].map(({ clientY }) =>
      within(clientY - place.top, area.top, area.height),
    );
    const rows = chooseRows !== undefined && Math.abs(y1! - y0!) >= FLAT;
    return {
      rows,
      left: Math.min(x0!, x1!),
      right: Math.max(x0!, x1!),
      top: rows ? Math.min(y0!, y1!) : area.top,
      bottom: rows ? Math.max(y0!, y1!) : area.top + area.height,
    };
  };
  const move = (event: PointerEvent) => {
    const { left, right, top, bottom } = limits(event);
    const attributes = { x: left, y: top, width: right - left, height: bottom - top };
    for (const [key, value] of Object.entries(attributes)) box.setAttribute(key, String(value));
  };
  follow(frame, down, move, (event) => {
    box.remove();
    if (event === undefined) return;
    const { rows, left, right, top, bottom } = limits(event);
    if (right - left < CLICK) return;
    const time = (x: number) =>
      window.start + ((x - area.left) / area.width) * (window.end - window.start);
    window.set(time(left), time(right));
    if (rows) chooseRows!(top - area.top, bottom - area.top);
  });
}

function within(value: number, low: number, length: number): number {
  return Math.min(Math.max(value, low), low + length);
}
