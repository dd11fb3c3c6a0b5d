import { describe, expect, it } from 'vitest';
import { RenderingPredictor } from '../../src/collect/rendering-predictor.js';

const SITE = 'example.com:';
const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const plans = (predictor: RenderingPredictor, signals: string[], count: number): string[] =>
  times(count).map(() => predictor.plan(SITE, signals));

describe('RenderingPredictor', () => {
  it('compares what it does not know, and reads without the browser what needs none', () => {
    const predictor = new RenderingPredictor();
    expect(predictor.plan(SITE, [])).toBe('http');
    expect(predictor.plan(SITE, ['script a'])).toBe('compare');
    predictor.learn(SITE, ['script a'], true);
    expect(predictor.plan(SITE, ['script a'])).toBe('http');
    expect(predictor.plan(SITE, ['script a', 'script b'])).toBe('compare');
    predictor.learn(SITE, ['script a', 'script b'], false);
    expect(predictor.plan(SITE, ['script a', 'script b'])).toBe('browser');
    // Which of the two it was is not known: one more equal page of the first kind says it.
    expect(predictor.plan(SITE, ['script a'])).toBe('compare');
    predictor.learn(SITE, ['script a'], true);
    expect(predictor.plan(SITE, ['script a'])).toBe('http');
  });

  it('looks at one page in fifty again', () => {
    const predictor = new RenderingPredictor();
    predictor.learn(SITE, ['script a'], true);
    const again = plans(predictor, ['script a'], 100).flatMap((plan, index) => (plan === 'compare' ? [index + 1] : []));
    expect(again).toEqual([50, 100]);
  });

  it('asks for no HTML of a site that always needs the browser, but for one page in twenty', () => {
    const predictor = new RenderingPredictor();
    const skipped = (): boolean[] => times(40).map(() => predictor.skipsHttp(SITE));
    expect(skipped()).not.toContain(true);
    for (const index of times(3)) predictor.learn(SITE, [`script ${index}`], false);
    expect(skipped().flatMap((skips, index) => (skips ? [] : [index + 1]))).toEqual([20, 40]);
    predictor.learn(SITE, ['script static'], true);
    expect(skipped()).not.toContain(true);
  });

  it('compares no more what the browser could not read twice; a shell is the browser’s all the same', () => {
    const predictor = new RenderingPredictor();
    for (const signals of [['script a'], ['shell']]) {
      predictor.fail(SITE, signals);
      expect(predictor.plan(SITE, signals)).toBe('compare');
      predictor.fail(SITE, signals);
    }
    expect(predictor.plan(SITE, ['script a'])).toBe('http');
    expect(predictor.plan(SITE, ['shell'])).toBe('browser');
    expect(predictor.isNew(SITE)).toBe(false);
    predictor.learn(SITE, ['script a'], false);
    expect(predictor.plan(SITE, ['script a'])).toBe('browser');
  });

  it('goes on from what was learned, and takes anything else for nothing', () => {
    const first = new RenderingPredictor();
    first.learn(SITE, ['script a'], true);
    const stored: unknown = JSON.parse(JSON.stringify(first.learned));
    expect(new RenderingPredictor(stored).plan(SITE, ['script a'])).toBe('http');
    for (const odd of [null, 'x', { signals: 'x' }, { signals: [['a', { equal: 'x' }], 3] }]) {
      expect(new RenderingPredictor(odd).plan(SITE, ['script a'])).toBe('compare');
    }
  });
});
