/** Words on a study that figures, page and terminal share. */
import type { Study } from '../../scaling/study.js';

/** The remark on everything that an incomplete study leaves; undefined for a whole one. */
export function incompleteStudy(study: Study): string | undefined {
  if (study.complete) return undefined;
  const all = study.threads.length * study.repeats * study.seeds.length;
  const ended = study.failure === undefined ? '' : `: ${study.failure}`;
  return `Incomplete study: ${study.points.length} of ${all} points${ended}`;
}

/** Bytes in a unit that suits them: '512 MiB', '3.2 GiB'. */
export function bytesText(bytes: number): string {
  const { unit, divisor } = byteUnit(bytes);
  return `${(bytes / divisor).toPrecision(3)}\u00a0${unit}`;
}

export function byteUnit(bytes: number): { readonly unit: string; readonly divisor: number } {
  if (bytes >= 2 ** 30) return { unit: 'GiB', divisor: 2 ** 30 };
  return bytes >= 2 ** 20 ? { unit: 'MiB', divisor: 2 ** 20 } : { unit: 'KiB', divisor: 2 ** 10 };
}
