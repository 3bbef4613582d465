import { describe, expect, test } from 'vitest';
import { DigestMismatchError } from '../../src/errors/index.js';
import { disagreements, mismatchError } from '../../src/scaling/digests.js';
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
});
