import { describe, expect, it } from 'vitest';
import { forgetfulStore, memoryKey, recallConnection, rememberConnection } from '../src/memory.js';

describe('what is remembered of a user', () => {
  it('comes back for the same user only', async () => {
    const store = forgetfulStore();
    await rememberConnection(store, 'user-a', { botId: 'bot-1', name: 'Acme' });
    expect(await recallConnection(store, 'user-a')).toMatchObject({ botId: 'bot-1', workspaceName: 'Acme' });
    expect(await recallConnection(store, 'user-b')).toBeNull();
  });

  it('is kept under a key that names nobody and fits the key alphabet', () => {
    const key = memoryKey('connection', 'user-a');
    expect(key).not.toContain('user-a');
    expect(key).toMatch(/^[a-zA-Z0-9!\-_.'()]{1,256}$/);
    expect(memoryKey('x', 'a', 'bc')).not.toBe(memoryKey('x', 'ab', 'c'));
  });

  it('is treated as absent when it was not written by this release', async () => {
    const store = forgetfulStore();
    for (const value of ['text', 7, { version: 2, botId: 'b', workspaceName: 'w' }, { version: 1 }]) {
      await store.set(memoryKey('connection', 'user-a'), value);
      expect(await recallConnection(store, 'user-a')).toBeNull();
    }
  });
});
