import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { connectorTable } from '../../src/connect/connectors.js';
import { accountIdentifier } from '../../src/connect/identity.js';
import { parseInput } from '../../src/input.js';

describe('connector table', () => {
  it('has Notion and Gmail per user and YouTube shared', () => {
    const table = connectorTable({});
    expect(table.notion).toMatchObject({ connectionName: 'notion', mode: 'per-user', identifier: null });
    expect(table.youtube).toMatchObject({ connectionName: 'youtube', mode: 'shared', identifier: 'shared-research' });
    expect(table.gmail).toMatchObject({ connectionName: 'gmail', mode: 'per-user', identifier: null });
  });

  it.each(['notion', 'youtube', 'gmail'] as const)(
    'lets the operator flip %s either way and name its connection',
    (name) => {
      const prefix = name.toUpperCase();
      const shared = connectorTable({
        [`${prefix}_SHARED_IDENTIFIER`]: ' ops ',
        [`SCALEKIT_${prefix}_CONNECTION`]: 'x-1',
      });
      expect(shared[name]).toMatchObject({ connectionName: 'x-1', mode: 'shared', identifier: 'ops' });
      const own = connectorTable({ [`${prefix}_SHARED_IDENTIFIER`]: '' });
      expect(own[name]).toMatchObject({ mode: 'per-user', identifier: null });
    },
  );
});

describe('the input', () => {
  it('has no field that chooses whose account is used, and none is taken', () => {
    const schema = JSON.parse(readFileSync(new URL('../../.actor/input_schema.json', import.meta.url), 'utf8')) as {
      properties: Record<string, unknown>;
    };
    const fields = Object.keys(schema.properties);
    expect(fields).toContain('reconnectNotion');
    expect(fields.filter((name) => /identifier|shared|scalekit|connect|token|user(?!Edit)/i.test(name))).toEqual([
      'reconnectNotion',
    ]);
    const tried = { startUrls: ['https://a.example/'], identifier: 'victim', notionSharedIdentifier: 'victim' };
    expect(JSON.stringify(parseInput(tried).input)).not.toContain('victim');
  });
});

describe('identity', () => {
  const { notion, youtube } = connectorTable({});

  it('is the raw user id, or the operator’s identifier for a shared connector', () => {
    expect(accountIdentifier(notion, 'hG7wTt20yQe5', true)).toBe('hG7wTt20yQe5');
    expect(accountIdentifier(youtube, 'hG7wTt20yQe5', true)).toBe('shared-research');
  });

  it('is nobody on the platform when the user is unknown, so that strangers never share an account', () => {
    expect(accountIdentifier(notion, 'local', true)).toBeNull();
    expect(accountIdentifier(notion, 'local', false)).toBe('local');
  });
});
