/** Words on a study that figures, page and terminal share. */
import { compared } from '../../scaling/digests.js';
import type { Study } from '../../scaling/study.js';

/** The remark on everything that an incomplete study leaves; undefined for a whole one. */
export function incompleteStudy(study: Study): string | undefined {
  if (study.complete) return undefined;
  const all = study.threads.length * study.repeats * study.seeds.length;
  const ended = study.failure === undefined ? '' : `: ${study.failure}`;
  return `Incomplete study: ${study.points.length} of ${all} points${ended}`;
}

/** What comparing the digests came to, if none differ. */
export function agreementText(study: Study): string {
  const { kind, points, checks, seeds, sizeParameter } = study;
  const [check] = checks;
  if (kind === 'weak' && check !== undefined) {
    const { threads } = points.find(({ size }) => size === check.size)!;
    const few = checks.length < seeds.length ? ` (${checks.length} of ${seeds.length} seeds)` : '';
    const others =
      compared(points) === 'repeats'
        ? 'repeats of every size agree, too'
        : 'larger networks ran on one number of threads, once for each seed';
    return `digests agree: ${sizeParameter} = ${check.size} on ${threads} and on ${check.threads} threads${few}, the latter for this comparison alone; ${others}`;
  }
  return {
    threads: 'digests agree, whatever the number of threads',
    repeats: 'digests of repeats agree',
    nothing: 'no two points have the same experiment and seed, so no digests were compared',
  }[compared(points)];
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
