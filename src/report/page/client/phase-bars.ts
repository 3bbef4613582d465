/** How the wall time of each thread divides into phases: a bar a thread. */
import { htmlElement, keyLine } from './elements.js';
import type { ThreadPhase } from './live-messages.js';

const COLORS: Readonly<Record<ThreadPhase, string>> = {
  update: 'var(--blue)',
  deliver: 'var(--green)',
  record: 'var(--orange)',
  exchange: 'var(--vermillion)',
  wait: 'var(--absent)',
};
const PHASES = Object.keys(COLORS) as ThreadPhase[];

export class PhaseBars {
  private readonly bars = htmlElement('div', { class: 'shares' });

  constructor(container: HTMLElement) {
    const keys = PHASES.map((phase) => ({ name: phase, color: COLORS[phase] }));
    container.append(keyLine(keys), this.bars);
  }

  /** Times by phase, thread by thread. */
  show(threads: readonly Readonly<Record<ThreadPhase, number>>[]): void {
    this.bars.replaceChildren(
      ...threads.flatMap((times, thread) => {
        const total = PHASES.reduce((sum, phase) => sum + times[phase], 0);
        const share = (phase: ThreadPhase) => (total > 0 ? (100 * times[phase]) / total : 0);
        const words = PHASES.map((phase) => `${phase} ${share(phase).toFixed(0)} %`).join(', ');
        const bar = htmlElement('div', { class: 'bar', role: 'img', 'aria-label': words });
        bar.title = words;
        for (const phase of PHASES) {
          const part = htmlElement('span');
          part.style.width = `${share(phase)}%`;
          part.style.setProperty('--key', COLORS[phase]);
          bar.append(part);
        }
        return [htmlElement('span', {}, `Thread ${thread + 1}`), bar];
      }),
    );
  }
}
