import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/live-view/text.js';
import { describeRun, type StatusView } from '../../src/live-view/view-model.js';
import { COLLECTED, CONNECTED, PREVIEW, progressWith } from './support.js';
import { NOW, STATES } from './states.js';

const actionOf = (view: StatusView) => view.stages.map((stage) => stage.action).filter((action) => action !== null);
const stageText = (view: StatusView, index: number) => plainText(view.stages[index]?.text ?? []);

describe('every state has its own sentence, tab, icon and at most one action', () => {
  test.each(STATES)('$name', ({ progress, situation, headline, tab, icon, action }) => {
    const view = describeRun(progress().get(), NOW);
    expect(plainText(view.headline)).toBe(headline);
    expect(view).toMatchObject({ situation, tab, icon });
    expect(actionOf(view).map(({ label }) => label)).toEqual(action === null ? [] : [action]);
  });

  test('no two states share a sentence', () => {
    const sentences = STATES.map((state) => plainText(describeRun(state.progress().get(), NOW).headline));
    expect(new Set(sentences).size).toBe(STATES.length);
  });

  test('no sentence holds a vendor word, an exclamation mark or a count-down', () => {
    for (const state of STATES) {
      const view = describeRun(state.progress().get(), NOW);
      const said = `${plainText(view.headline)} ${plainText(view.note)} ${view.stages.map((s) => plainText(s.text)).join(' ')}`;
      expect(said).not.toMatch(/PENDING|EXPIRED|DISCONNECTED|UNAVAILABLE|ACTIVE|!/);
      expect(view.headline.some((part) => typeof part === 'object' && 'secondsLeft' in part)).toBe(false);
    }
  });
});

describe('details', () => {
  test('the link in the other tab counts down too, until somebody comes back or it is too old', () => {
    const asked = progressWith({ collect: COLLECTED, connect: { lastAttempt: 'started', linkUntil: NOW + 277_000 } });
    const note = (at = NOW): string => plainText(describeRun(asked.get(), at).note);
    expect(note()).toMatch(/ The link in the other tab is good for 4:37 more\.$/);
    expect(note(NOW + 277_000)).toMatch(/ may be too old by now; the button gets a fresh one\.$/);
    asked.update('connect', { status: 'PENDING_VERIFICATION' });
    expect(note()).not.toContain('link');
    asked.update('connect', { status: 'PENDING_AUTH', lastAttempt: 'cancelled', linkUntil: null });
    expect(note()).not.toContain('link');
  });

  test('the note counts down while the run waits, and says when it is over', () => {
    const waiting = progressWith({ collect: COLLECTED, connect: { waitingUntil: NOW + 251_001 } });
    expect(plainText(describeRun(waiting.get(), NOW).note)).toBe(
      'You can close this page; the run goes on and waits 4:12 more for Notion.',
    );
    expect(plainText(describeRun(waiting.get(), NOW + 900_000).note)).toContain('waits 0:00 more');
    waiting.finish({ status: 'NOT_CONNECTED', message: 'x' });
    expect(plainText(describeRun(waiting.get(), NOW).note)).toBe('The run is over. You can close this page.');
  });

  test('a rate-limit wait counts down in the sync row', () => {
    const state = STATES.find(({ name }) => name === 'paused');
    expect(stageText(describeRun(state!.progress().get(), NOW), 2)).toBe('12 of 42 pages · goes on in 0:42');
  });

  test('the collect row tells pages, skipped and failed', () => {
    const progress = progressWith({
      collect: { pagesLoaded: 1200, pagesExpected: 3000, pagesSkipped: 4, pagesFailed: 1 },
    });
    expect(stageText(describeRun(progress.get(), NOW), 0)).toBe('1,200 of about 3,000 pages · 4 skipped · 1 failed');
    progress.update('collect', { pagesExpected: null });
    expect(stageText(describeRun(progress.get(), NOW), 0)).toBe('1,200 pages · 4 skipped · 1 failed');
  });

  test.each([
    [{ need: 'first' }, 'Notion is not connected yet'],
    [{ need: 'lost', status: 'EXPIRED' }, 'The connection to Notion has expired'],
    [{ need: 'lost', status: 'DISCONNECTED' }, 'The connection to Notion was ended'],
    [{ need: 'lost', status: 'PENDING_AUTH' }, 'The connection to Notion is lost'],
    [{ need: 'lost', status: 'UNAVAILABLE' }, 'The connection service does not answer'],
    [{ need: 'nothing', offersConsent: false, status: 'UNSPECIFIED' }, 'Looking for your Notion connection'],
    [
      { mode: 'shared', need: 'nothing', offersConsent: false },
      'The operator’s shared Notion account is not connected',
    ],
    [{ mode: 'none', need: 'nothing', offersConsent: false }, 'No connection to Notion is set up for this run'],
    [{ ...CONNECTED, workspace: null }, 'Notion is connected'],
    [CONNECTED, 'Connected to Research · Acme, by Jane Doe'],
    [{ ...CONNECTED, mode: 'token', status: 'UNSPECIFIED' }, 'Connected to Research · Acme, by Jane Doe'],
  ] as const)('the connect row for %j', (connect, said) => {
    expect(stageText(describeRun(progressWith({ connect }).get(), NOW), 1)).toBe(said);
  });

  test('the status name stands small where support may ask for it, and nowhere else', () => {
    const lost = progressWith({ connect: { need: 'lost', status: 'EXPIRED', lastAttempt: 'mismatch' } });
    expect(describeRun(lost.get(), NOW).support).toBe('For support: connection status EXPIRED');
    expect(describeRun(progressWith({ connect: CONNECTED }).get(), NOW).support).toBeNull();
    expect(describeRun(progressWith().get(), NOW).support).toBeNull();
  });

  test('a connection lost while writing asks for consent again, whatever was said before', () => {
    const lost = {
      need: 'lost',
      status: 'EXPIRED',
      offersConsent: true,
      waitingUntil: NOW + 60_000,
      lastAttempt: 'verified',
    } as const;
    const progress = progressWith({
      collect: COLLECTED,
      connect: lost,
      sync: { state: 'running', total: 42, done: 12 },
    });
    const view = describeRun(progress.get(), NOW);
    expect(view.situation).toBe('waiting');
    expect(actionOf(view).map(({ label }) => label)).toEqual(['Reconnect Notion']);
  });

  test('a plan is told in words of a plan', () => {
    const progress = progressWith({
      run: { dryRun: true },
      sync: { state: 'done', total: 3, done: 3, created: 1, removed: 1, restored: 1 },
    });
    progress.finish({ status: 'DRY_RUN', message: '' });
    const view = describeRun(progress.get(), NOW);
    expect(plainText(view.headline)).toContain('A real run would create 1 page, restore 1 and remove 1.');
    expect(stageText(view, 2)).toBe('3 of 3 pages · 1 to create · 1 to remove · 1 to restore');
  });

  test('an ended run offers no consent and no refused address', () => {
    const progress = progressWith({
      sync: { state: 'done', created: 1, databaseUrl: 'javascript:alert(1)' },
      outcome: { status: 'SYNCED', message: '' },
    });
    expect(actionOf(describeRun(progress.get(), NOW))).toEqual([]);
  });

  test('the preview shows the first five and gives way to the results', () => {
    const progress = progressWith({ preview: Array.from({ length: 8 }, () => PREVIEW[0]!) });
    const preview = () => describeRun(progress.get(), NOW).preview;
    expect(preview()).toMatchObject({ heading: 'What will be written', of: 42, items: { length: 5 } });
    const ended = progressWith({ preview: PREVIEW, outcome: { status: 'NOT_CONNECTED', message: '' } });
    expect(describeRun(ended.get(), NOW).preview?.heading).toBe('What was collected');
    progress.addChange({ title: 'a', url: 'b', action: 'created', reason: null, notionUrl: null });
    expect(preview()).toBeNull();
  });

  test('results: the latest ten while it runs, all with failures first at the end', () => {
    const progress = progressWith({ connect: CONNECTED, sync: { state: 'running', total: 12 } });
    for (let i = 0; i < 12; i++) {
      progress.addChange({
        title: `page ${i}`,
        url: 'u',
        action: i === 3 ? 'failed' : 'created',
        reason: null,
        notionUrl: null,
      });
    }
    const midway = describeRun(progress.get(), NOW).results;
    expect([midway?.rows.length, midway?.more, midway?.rows[0]?.title]).toEqual([10, 2, 'page 11']);
    progress.finish({ status: 'PARTIAL', message: '' });
    const end = describeRun(progress.get(), NOW).results;
    expect([end?.rows.length, end?.more, end?.rows[0]?.title, end?.rows[1]?.title]).toEqual([
      12,
      0,
      'page 3',
      'page 11',
    ]);
  });
});
