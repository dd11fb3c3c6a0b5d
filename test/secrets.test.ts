import { describe, expect, it } from 'vitest';
import { SECRET_VARIABLES } from '../src/connect/settings.js';
import { Redactor } from '../src/redact.js';
import { environmentSecrets, inputSecrets } from '../src/secrets.js';

describe('what is secret', () => {
  it('in the environment: ours, the platform’s, and credentials of proxies', () => {
    const env = {
      SCALEKIT_CLIENT_SECRET: 'scalekit-secret',
      NOTION_TOKEN: 'ntn_personal',
      APIFY_TOKEN: 'apify_api_123',
      APIFY_PROXY_PASSWORD: 'proxy-password',
      APIFY_INPUT_SECRETS_PRIVATE_KEY_PASSPHRASE: 'passphrase-1',
      HTTPS_PROXY: 'http://anna:p%40ssword@proxy.example:8000',
      SCALEKIT_CLIENT_ID: 'skc_public',
      ACTOR_INPUT_KEY: 'INPUT-RECORD',
      ACTOR_WEB_SERVER_URL: 'https://abc.runs.apify.net',
      HOME: '/home/somebody',
    };
    const redactor = new Redactor(environmentSecrets(env));
    const said = redactor.text(Object.values(env).join(' '));
    expect(said).toBe(
      '[secret] [secret] [secret] [secret] [secret] http://[secret]@proxy.example:8000 ' +
        'skc_public INPUT-RECORD https://abc.runs.apify.net /home/somebody',
    );
    expect(redactor.text('anna p@ssword')).toBe('anna [secret]');
  });

  it('is whatever is taken out of the environment', () => {
    const env = Object.fromEntries(SECRET_VARIABLES.map((name) => [name, `value of ${name}`]));
    expect(environmentSecrets(env)).toEqual(expect.arrayContaining(Object.values(env)));
  });

  it('in the input: headers with and without their scheme, cookies, credentials of the user’s own proxies', () => {
    const redactor = new Redactor(
      inputSecrets({
        customHttpHeaders: { authorization: 'Bearer abcdefgh-1' },
        initialCookies: [{ name: 'session', value: 'cookie-value' }, { name: 'broken' }],
        proxyConfiguration: {
          useApifyProxy: false,
          proxyUrls: ['http://user-1:pass%2Fword@proxy.example:1', 'http://key-as-a-user@other.example', 'no url', 7],
        },
      }),
    );
    const basic = Buffer.from('user-1:pass/word').toString('base64');
    const said = `Bearer abcdefgh-1 | abcdefgh-1 | cookie-value | pass/word | pass%2Fword | Basic ${basic} | key-as-a-user`;
    expect(redactor.text(said)).toBe(
      '[secret] | [secret] | [secret] | [secret] | [secret] | Basic [secret]== | [secret]',
    );
    expect(inputSecrets({ customHttpHeaders: {}, initialCookies: [], proxyConfiguration: null })).toEqual([]);
  });
});
