/** What a study found, as a short text for the terminal. */
import type { Study } from '../../scaling/study.js';
import { type Spread, summarise } from '../../scaling/summary.js';
import { SLICE_PHASES } from '../phases.js';
import { columns } from '../summary.js';
import { duration, threeDigits } from '../units.js';
import { agreementText, bytesText, incompleteStudy } from './words.js';

/** A line per number of threads, the scalability law, and whether digests agree. */
export function studyText(study: Study): string {
  const incomplete = incompleteStudy(study);
  const measured = duration(study.points[0]?.modelTime ?? 0);
  const title = `${study.name}, ${study.kind} scaling, ${measured} after ${duration(study.warmUp)} of warm-up`;
  const blocks = [
    incomplete === undefined ? title : `${title}\n${incomplete}`,
    columns(rows(study)) + (oversubscribed(study) ? '\n* more threads than cores' : ''),
    lawText(study),
    study.disagreements.length > 0 ? 'digests differ' : agreementText(study),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function rows(study: Study): string[][] {
  const head = ['>threads', '>build (s)', '>propagate (s)', '>real-time factor', '>efficiency'];
  const phases = [...SLICE_PHASES.map(({ name }) => `>${name}`), '>imbalance', '>memory'];
  return [
    [...head, ...phases],
    ...summarise(study).map((s) => [
      `${s.threads}${s.oversubscribed ? '*' : ''}`,
      s.construction.mean.toFixed(3),
      withDeviation(s.simulate),
      threeDigits(s.realTimeFactor.mean),
      withDeviation(s.efficiency, 2),
      ...SLICE_PHASES.map(({ name }) => `${(100 * s.fractions[name]).toFixed(1)} %`),
      `${(100 * s.imbalance.mean).toFixed(0)} %`,
      bytesText(s.memory.peak.mean),
    ]),
  ];
}

function oversubscribed({ points }: Study): boolean {
  return points.some((point) => point.oversubscribed);
}

function withDeviation({ mean, sd }: Spread, digits = 3): string {
  return sd === 0 ? mean.toFixed(digits) : `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
}

function lawText({ usl }: Study): string {
  if (!usl.fitted) return `scalability law: ${usl.reason}`;
  const limits = ([name, { value, low, high }]: [string, typeof usl.sigma]) =>
    `${name} ${value.toPrecision(3)} (${low.toPrecision(3)} to ${high.toPrecision(3)})`;
  const estimates: [string, typeof usl.sigma][] = [
    ['contention', usl.sigma],
    ['coherency', usl.kappa],
  ];
  return `scalability law: ${estimates.map(limits).join(', ')}`;
}
