import { describe, expect, it } from 'vitest';
import type { Failure } from '../../../src/sinks/notion/errors.js';
import { decide } from '../../../src/sinks/notion/retry.js';
import type { Safety, Verdict } from '../../../src/sinks/notion/retry.js';

const http = (status: number, code: string, over: Partial<Extract<Failure, { kind: 'http' }>> = {}): Failure => ({
  kind: 'http',
  status,
  code,
  message: '',
  additional: {},
  retryAfterMs: null,
  requestId: 'r',
  ...over,
});
const blocked = { rate_limit_reason: 'public_api_request_blocked' };
const space = { rate_limit_reason: 'public_api_space_request_rate_limit' };

const TABLE: [string, Failure, Safety, Partial<Verdict>][] = [
  [
    '429 waits as long as told',
    http(429, 'rate_limited', { retryAfterMs: 300_000 }),
    'once',
    { do: 'pause', ms: 300_000 },
  ],
  ['429 of the workspace too', http(429, 'rate_limited', { additional: space }), 'read', { do: 'pause', ms: null }],
  ['529 likewise', http(529, 'service_overload', { retryAfterMs: 1000 }), 'repeatable', { do: 'pause', ms: 1000 }],
  [
    '429 blocked ends all',
    http(429, 'rate_limited', { additional: blocked }),
    'read',
    { do: 'stop', because: 'blocked' },
  ],
  ['401', http(401, 'unauthorized'), 'once', { do: 'renew' }],
  ['invalid_grant', http(400, 'invalid_grant'), 'read', { do: 'renew' }],
  [
    '403 block limit',
    http(403, 'restricted_resource', { additional: { block_limit: 'block_creation' } }),
    'once',
    { do: 'stop', because: 'block-limit' },
  ],
  ['403 capability', http(403, 'restricted_resource'), 'repeatable', { do: 'stop', because: 'capability' }],
  ['403 from the edge', http(403, 'unknown', { requestId: null }), 'once', { do: 'skip', reason: 'blocked' }],
  ['404', http(404, 'object_not_found'), 'read', { do: 'not-found' }],
  ['409 on a create', http(409, 'conflict_error'), 'once', { do: 'lookup', committedId: null }],
  ['409 on an update', http(409, 'conflict_error'), 'repeatable', { do: 'wait' }],
  ['row limit', http(409, 'row_limit_exceeded'), 'once', { do: 'skip', reason: 'row-limit' }],
  ['413', http(413, 'unknown'), 'once', { do: 'skip', reason: 'too-large' }],
  ['502 on a create', http(502, 'unknown'), 'once', { do: 'lookup', committedId: null }],
  [
    '503 that was saved',
    http(503, 'service_unavailable', { additional: { committed_resource_id: 'id' } }),
    'once',
    { do: 'lookup', committedId: 'id' },
  ],
  ['503 on a read', http(503, 'service_unavailable'), 'read', { do: 'wait' }],
  ['a timeout of a create', { kind: 'timeout' }, 'once', { do: 'lookup' }],
  ['a timeout of an update', { kind: 'timeout' }, 'repeatable', { do: 'wait' }],
  ['a cut reply of a create', { kind: 'network', sent: true, message: '' }, 'once', { do: 'lookup' }],
  ['a create that was never sent', { kind: 'network', sent: false, message: '' }, 'once', { do: 'wait' }],
  ['an unreadable reply of a create', { kind: 'garbled' }, 'once', { do: 'lookup' }],
  ['a bad image', http(400, 'validation_error', { message: 'Invalid image url.' }), 'once', { do: 'degrade' }],
  ['a bad link', http(400, 'validation_error', { message: 'Invalid URL for link.' }), 'repeatable', { do: 'degrade' }],
  [
    'too many records',
    http(400, 'validation_error', { additional: { limit_kind: 'page_record_count' } }),
    'repeatable',
    { do: 'skip', reason: 'too-large' },
  ],
  ...['This would delete 1 child page(s)', "Can't edit a page that is in the trash."].map(
    (message): [string, Failure, Safety, Partial<Verdict>] => [
      `"${message}", which may be the page’s own words`,
      http(400, 'validation_error', { message }),
      'repeatable',
      { do: 'refused' },
    ],
  ),
  [
    'any other 400',
    http(400, 'validation_error', { message: 'Name is expected to be title.' }),
    'once',
    { do: 'refused' },
  ],
];

describe('the retry table', () => {
  it.each(TABLE)('%s', (_name, failure, safety, verdict) => {
    expect(decide(failure, safety)).toMatchObject(verdict);
  });

  it('never sends a create again blindly, whatever fails after it was sent', () => {
    for (let status = 500; status < 600; status++) {
      if (status !== 529) expect(decide(http(status, 'unknown'), 'once').do).toBe('lookup');
    }
  });
});
