import { describe, expect, it } from 'vitest';
import type { SyncHash } from '../../../src/sinks/notion/hash.js';
import { makePlan } from '../../../src/sinks/notion/plan.js';
import type { Plan, PlanPolicy, Wanted } from '../../../src/sinks/notion/plan.js';
import type { Row } from '../../../src/sinks/notion/rows.js';

const want = (key: string, properties: string, body: string | null, index = 0): Wanted => ({
  index,
  key,
  syncKey: key,
  url: key,
  title: key,
  hash: { properties, body },
});
const row = (hash: SyncHash | null, status: string | null = 'Active'): Row => ({
  pageId: 'p',
  url: 'u',
  hash,
  source: 's',
  status,
  createdTime: '2026-01-01T00:00:00.000Z',
  createdBy: 'bot',
  editedBy: 'bot',
});
const plan = (wanted: Wanted, known: Row | null, onUserEdit: PlanPolicy['onUserEdit'] = 'keep'): Plan =>
  makePlan([wanted], { byKey: new Map(known === null ? [] : [['k', known]]), duplicates: [] }, { onUserEdit });

describe('the plan', () => {
  it.each([
    ['creates what is not there', null, want('k', '1', 'a'), { kind: 'create', hash: { properties: '1', body: 'a' } }],
    ['leaves equal rows alone', { properties: '1', body: 'a' }, want('k', '1', 'a'), { kind: 'unchanged' }],
    [
      'updates columns only',
      { properties: '1', body: 'a' },
      want('k', '2', 'a'),
      { kind: 'update', properties: true, body: false, hash: { properties: '2', body: 'a' } },
    ],
    [
      'updates the body only',
      { properties: '1', body: 'a' },
      want('k', '1', 'b'),
      { kind: 'update', properties: false, body: true, hash: { properties: '1', body: 'b' } },
    ],
    [
      'updates both',
      { properties: '1', body: 'a' },
      want('k', '2', 'b'),
      { kind: 'update', properties: true, body: true },
    ],
    [
      'adds a body to a row without one',
      { properties: '1', body: null },
      want('k', '1', 'b'),
      { kind: 'update', body: true },
    ],
    [
      'keeps the body’s hash where bodies are not synced',
      { properties: '1', body: 'a' },
      want('k', '2', null),
      { kind: 'update', body: false, hash: { properties: '2', body: 'a' } },
    ],
  ] as const)('%s', (_name, before, wanted, expected) => {
    expect(plan(wanted, before === null ? null : row(before))[0]).toMatchObject(expected);
  });

  it('writes a half-written row anew', () => {
    expect(plan(want('k', '1', 'a'), row(null))[0]).toMatchObject({ kind: 'update', properties: true, body: true });
  });

  it('restores what was marked as removed, also without a change', () => {
    const removed = row({ properties: '1', body: 'a' }, 'Removed');
    expect(plan(want('k', '1', 'a'), removed)[0]).toMatchObject({ kind: 'restore', body: false });
  });

  it('keeps an edited body, still brings columns up to date, and overwrites only when told', () => {
    const edited = row({ properties: '1', body: 'a' }, 'Edited in Notion');
    expect(plan(want('k', '1', 'b'), edited)[0]).toMatchObject({ kind: 'kept', properties: false });
    expect(plan(want('k', '2', 'b'), edited)[0]).toMatchObject({
      kind: 'kept',
      properties: true,
      hash: { properties: '2', body: 'a' },
    });
    expect(plan(want('k', '2', 'a'), edited)[0]).toMatchObject({ kind: 'update', body: false });
    expect(plan(want('k', '1', 'b'), edited, 'overwrite')[0]).toMatchObject({ kind: 'update', body: true });
  });

  it('takes the first of two items with one key, and tells of further rows of wanted keys only', () => {
    const other = row(null);
    const actions = makePlan(
      [want('k', '1', 'a'), want('k', '2', 'b', 1)],
      {
        byKey: new Map(),
        duplicates: [
          { key: 'k', row: other },
          { key: 'not wanted', row: other },
        ],
      },
      { onUserEdit: 'keep' },
    );
    expect(actions.map(({ kind }) => kind)).toEqual(['create', 'repeated', 'duplicate']);
  });
});
