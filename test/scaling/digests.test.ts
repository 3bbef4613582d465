import { describe, expect, test } from 'vitest';
import { DigestMismatchError } from '../../src/errors/index.js';
import {
  compared,
  disagreements,
  mismatchError,
  newDisagreement,
} from '../../src/scaling/digests.js';
import { point } from './studies.js';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)] as const;

describe('digests', () => {
  test('that are equal wherever they must be are no disagreement', () => {
    const points = [
      point({ threads: 1, seed: 1 }, { digest: A }),
      point({ threads: 2, seed: 1 }, { digest: A }),
      point({ threads: 1, seed: 2 }, { digest: B }),
      point({ threads: 2, seed: 2, repeat: 2 }, { digest: B }),
    ];
    expect(disagreements(points)).toEqual([]);
  });

  test('of different sizes are not compared, nor a word with the number it spells', () => {
    const points = [
      point({ threads: 1, size: 10 }, { digest: A }),
      point({ threads: 2, size: 20 }, { digest: B }),
      point({ threads: 1, seed: '1' }, { digest: A }),
      point({ threads: 1, seed: 1 }, { digest: B }),
    ];
    expect(disagreements(points)).toEqual([]);
  });

  test('that differ are told with the points they came of', () => {
    const points = [
      point({ threads: 1, seed: 7 }, { digest: A }),
      point({ threads: 2, seed: 7 }, { digest: A }),
      point({ threads: 4, seed: 7, repeat: 3 }, { digest: B }),
      point({ threads: 1, seed: 8 }, { digest: B }),
    ];
    const found = disagreements(points);
    expect(found).toEqual([
      {
        seed: 7,
        digests: [
          {
            digest: A,
            points: [
              { threads: 1, seed: 7, repeat: 1 },
              { threads: 2, seed: 7, repeat: 1 },
            ],
          },
          { digest: B, points: [{ threads: 4, seed: 7, repeat: 3 }] },
        ],
      },
    ]);
    const error = mismatchError(found);
    expect(error).toBeInstanceOf(DigestMismatchError);
    expect(error.message).toContain(
      'seed 7: aaaaaaaaaaaa with threads 1 (repeat 1), 2 (repeat 1); bbbbbbbbbbbb with threads 4 (repeat 3)',
    );
  });

  test('that differ anew are told of the last run alone', () => {
    const runs = [
      point({ threads: 1, seed: 1 }, { digest: A }),
      point({ threads: 2, seed: 1 }, { digest: B }),
      point({ threads: 1, seed: 2 }, { digest: A }),
      point({ threads: 1, seed: 1, repeat: 2 }, { digest: 'c'.repeat(64) }),
    ];
    const found = runs.map((_, i) => newDisagreement(runs.slice(0, i + 1))?.seed);
    expect(found).toEqual([undefined, 1, undefined, undefined]);
  });

  test('compare what equal experiments and seeds differ in', () => {
    const one = { threads: 1, seed: 1, repeat: 1 };
    expect(compared([one, { ...one, threads: 2 }])).toBe('threads');
    expect(compared([one, { ...one, repeat: 2 }])).toBe('repeats');
    expect(compared([one, { ...one, seed: 2, threads: 2 }])).toBe('nothing');
  });
});
