/** How the wall time of each thread divides into phases: a bar a thread. */
import { htmlElement, keyLine } from './elements.js';
import type { LiveData, TimesMessage } from './live-messages.js';

export class PhaseBars {
  private readonly bars = htmlElement('div', { class: 'shares' });

  constructor(
    container: HTMLElement,
    private readonly phases: LiveData['phases'],
  ) {
    container.append(keyLine(phases), this.bars);
  }

  /** Times by phase, thread by thread. */
  show({ threads }: TimesMessage): void {
    this.bars.replaceChildren(
      ...threads.flatMap((times, thread) => {
        const total = this.phases.reduce((sum, { name }) => sum + times[name]!, 0);
        const shares = this.phases.map(({ name, color }) => {
          return { name, color, percent: total > 0 ? (100 * times[name]!) / total : 0 };
        });
        const words = shares
          .map(({ name, percent }) => `${name} ${percent.toFixed(0)} %`)
          .join(', ');
        const bar = htmlElement('div', { class: 'bar', role: 'img', 'aria-label': words });
        bar.title = words;
        for (const { color, percent } of shares) {
          const part = htmlElement('span');
          part.style.width = `${percent}%`;
          part.style.setProperty('--key', color);
          bar.append(part);
        }
        return [htmlElement('span', {}, `Thread ${thread + 1}`), bar];
      }),
    );
  }
}
