import { describe, expect, it } from 'vitest';
import { readConnectSettings, takeSettings } from '../../src/connect/settings.js';

const SCALEKIT = {
  SCALEKIT_ENV_URL: 'https://acme.scalekit.com/',
  SCALEKIT_CLIENT_ID: 'skc_1',
  SCALEKIT_CLIENT_SECRET: 'hush-hush',
};

describe('connect settings', () => {
  it('reads Scalekit under either name of its address, the first one winning', () => {
    const { SCALEKIT_ENV_URL, ...rest } = SCALEKIT;
    const expected = {
      envUrl: 'https://acme.scalekit.com',
      clientId: 'skc_1',
      clientSecret: 'hush-hush',
      timeoutMs: 8000,
    };
    expect(readConnectSettings(SCALEKIT).scalekit).toEqual(expected);
    expect(readConnectSettings({ ...rest, SCALEKIT_ENVIRONMENT_URL: SCALEKIT_ENV_URL }).scalekit).toEqual(expected);
    const both = { ...SCALEKIT, SCALEKIT_ENVIRONMENT_URL: 'https://other.scalekit.com' };
    expect(readConnectSettings(both).scalekit).toEqual(expected);
  });

  it('takes the two secrets out of the environment and leaves the rest', () => {
    const env: Record<string, string | undefined> = { ...SCALEKIT, NOTION_TOKEN: 'ntn_secret', APIFY_TOKEN: 'x' };
    const settings = takeSettings(env);
    expect(settings.scalekit?.clientSecret).toBe('hush-hush');
    expect(settings.notionToken).toBe('ntn_secret');
    expect(Object.keys(env)).toEqual(['SCALEKIT_ENV_URL', 'SCALEKIT_CLIENT_ID', 'APIFY_TOKEN']);
  });

  it('refuses NOTION_TOKEN on the platform, with a warning', () => {
    const settings = readConnectSettings({ APIFY_IS_AT_HOME: '1', NOTION_TOKEN: 'ntn_secret' });
    expect(settings.notionToken).toBeNull();
    expect(settings.warning).toContain('NOTION_TOKEN');
    expect(readConnectSettings({ NOTION_TOKEN: 'ntn_secret' }).warning).toBeNull();
  });

  it('has nothing to complain about when nothing is set', () => {
    expect(readConnectSettings({})).toMatchObject({
      scalekit: null,
      notionToken: null,
      notion: { apiUrl: 'https://api.notion.com', timeoutMs: 60_000 },
      problem: null,
      warning: null,
    });
  });

  it.each([
    [{ SCALEKIT_ENV_URL: 'https://acme.scalekit.com' }, 'SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET are missing'],
    [{ SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'hush' }, 'SCALEKIT_ENV_URL is missing'],
    [{ ...SCALEKIT, SCALEKIT_ENV_URL: 'acme.scalekit.com' }, 'SCALEKIT_ENV_URL must be a URL'],
    [{ ...SCALEKIT, SCALEKIT_ENV_URL: 'http://acme.scalekit.com' }, 'SCALEKIT_ENV_URL must begin with https://'],
    [{ ...SCALEKIT, SCALEKIT_ENV_URL: 'http://127.0.0.1.evil.example' }, 'SCALEKIT_ENV_URL must begin with https://'],
    [{ ...SCALEKIT, SCALEKIT_TIMEOUT_MS: 'soon' }, 'SCALEKIT_TIMEOUT_MS must be a whole number'],
    [{ ...SCALEKIT, SCALEKIT_NOTION_CONNECTION: 'no/slash' }, 'SCALEKIT_NOTION_CONNECTION must be a connection name'],
    [{ GMAIL_SHARED_IDENTIFIER: 'x'.repeat(101) }, 'GMAIL_SHARED_IDENTIFIER must have at most 100'],
    [{ NOTION_API_URL: 'http://notion.example' }, 'NOTION_API_URL must begin with https://'],
    [{ NOTION_TIMEOUT_MS: '0' }, 'NOTION_TIMEOUT_MS must be a whole number'],
  ])('names the variable that cannot be used: %j', (env, message) => {
    const { problem } = readConnectSettings(env);
    expect(problem?.message).toContain(message);
    expect(problem?.message).not.toContain('hush');
  });

  it('accepts cleartext on this computer only', () => {
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:1']) {
      const settings = readConnectSettings({
        ...SCALEKIT,
        SCALEKIT_ENV_URL: `http://${host}`,
        NOTION_API_URL: `http://${host}`,
      });
      expect(settings.problem).toBeNull();
    }
  });
});
