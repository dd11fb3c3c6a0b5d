import { Log, LoggerJson, LoggerText } from 'apify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanEveryLine } from '../../src/platform/clean-lines.js';
import { Redactor } from '../../src/redact.js';

describe('lines that Crawlee and the SDK write by themselves', () => {
  afterEach(() => vi.restoreAllMocks());

  it.each([
    ['text', new LoggerText()],
    ['json', new LoggerJson()],
  ])('are cleaned: message, data, exception and prefix, as %s', (_, logger) => {
    const said: string[] = [];
    for (const name of ['log', 'warn', 'error', 'debug'] as const) {
      vi.spyOn(console, name).mockImplementation((line: string) => void said.push(line));
    }
    const redactor = new Redactor();
    cleanEveryLine(logger, redactor);
    const log = new Log({ logger, level: 5 });
    // Learned later, as most are.
    redactor.add('pass"word-1');
    const child = log.child({ prefix: 'proxy pass"word-1' });
    child.info('fetched through http://u:pass"word-1@proxy', { url: 'http://x/?k=pass%22word-1' });
    child.warning('retried', { headers: { authorization: 'pass"word-1' } });
    child.debug('pass"word-1');
    child.exception(new Error('refused pass"word-1'), 'Request failed');
    expect(said.length).toBeGreaterThanOrEqual(4);
    for (const line of said) expect(line).not.toMatch(/word-1/);
    expect(said.join()).toContain('[secret]');
  });
});
