import { describe, expect, it } from 'vitest';
import type { ItemHash } from '../../../src/sinks/notion/hash.js';
import { planItem } from '../../../src/sinks/notion/plan.js';
import type { ItemAction, Known, PlanPolicy, Wanted } from '../../../src/sinks/notion/plan.js';
import type { Row } from '../../../src/sinks/notion/row.js';

const want = (key: string, properties: string, body: string | null, index = 0): Wanted => ({
  index,
  key,
  syncKey: key,
  url: key,
  title: key,
  hash: { properties, body },
  bodyAlone: body === null ? null : `${body} alone`,
});
const row = (hash: ItemHash | null, status: string | null = 'Active'): Row => ({
  pageId: 'p',
  url: 'u',
  hash: hash === null ? null : { ...hash, mark: 'l0000000000000000', verify: false },
  source: 'own',
  status,
  createdAt: 0,
  editedAt: 0,
  createdByUs: true,
  touched: false,
});
const policy = (onUserEdit: PlanPolicy['onUserEdit'] = 'keep'): PlanPolicy => ({ onUserEdit, restoreTrashed: false });
const known = (it: Row | null): Known => (it === null ? { kind: 'nothing' } : { kind: 'row', row: it });
const plan = (wanted: Wanted, it: Row | null, onUserEdit: PlanPolicy['onUserEdit'] = 'keep'): ItemAction[] => [
  planItem(wanted, known(it), false, policy(onUserEdit)),
];

describe('the plan', () => {
  it.each([
    ['creates what is not there', null, want('k', '1', 'a'), { kind: 'create', hash: { properties: '1', body: 'a' } }],
    ['leaves equal rows alone', { properties: '1', body: 'a' }, want('k', '1', 'a'), { kind: 'unchanged' }],
    [
      'leaves a body alone that was written before its heading counted',
      { properties: '1', body: 'a alone' },
      want('k', '1', 'a'),
      { kind: 'unchanged' },
    ],
    [
      'writes it anew with another title',
      { properties: '1', body: 'a alone' },
      want('k', '2', 'a'),
      { kind: 'update', properties: true, body: true },
    ],
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

  it('takes the first of two items with one key', () => {
    expect(planItem(want('k', '1', 'a'), known(null), true, policy())).toMatchObject({ kind: 'repeated' });
  });

  it('leaves in the trash what a person put there, and restores what a sync did', () => {
    const trashed = (byUs: boolean): Known => ({ kind: 'trashed', row: row({ properties: '1', body: 'a' }), byUs });
    const wanted = want('k', '1', 'a');
    expect(planItem(wanted, trashed(false), false, policy())).toMatchObject({ kind: 'kept', reason: 'trashed' });
    expect(planItem(wanted, trashed(true), false, policy())).toMatchObject({ kind: 'restore', untrash: true });
    const told = { ...policy(), restoreTrashed: true };
    expect(planItem(wanted, trashed(false), false, told)).toMatchObject({
      kind: 'restore',
      untrash: true,
      body: false,
    });
  });

  it('remembers that somebody touched a row until its body is written', () => {
    const touched = { ...row({ properties: '1', body: 'a' }), touched: true };
    expect(plan(want('k', '2', 'a'), touched)[0]).toMatchObject({
      kind: 'update',
      hash: { mark: 'l0000000000000000', verify: true },
    });
  });
});
