import { expect, it } from 'vitest';
import { checkSink } from '../src/check-sink.js';
import { OtherWorkspaceError } from '../src/errors.js';
import { forgetfulStore, rememberConnection } from '../src/memory.js';
import type { OpenRun } from '../src/open-run.js';
import { Progress } from '../src/progress.js';

/** Checks a run that finds "Other" where earlier ones wrote to "Acme". */
async function check(reconnectNotion: boolean, botId = 'bot-of-other') {
  const memory = forgetfulStore();
  await rememberConnection(memory, 'user-1', { botId: 'bot-of-acme', name: 'Acme' });
  const warnings: string[] = [];
  const progress = new Progress({ runId: null, userId: 'user-1', startUrls: [], dryRun: false, destination: null });
  const checked = checkSink({
    platform: { log: { warning: (message: string) => warnings.push(message) } },
    input: { reconnectNotion },
    sink: { check: async () => ({ workspace: { botId, name: 'Other', userName: null }, destination: null }) },
    ...{ memory, progress, userId: 'user-1' },
  } as unknown as OpenRun);
  return { checked, warnings, progress };
}

it('another workspace than the remembered one is refused', async () => {
  const { checked, warnings } = await check(false);
  await expect(checked).rejects.toThrow(OtherWorkspaceError);
  expect(warnings).toEqual([]);
});

it('another workspace is told, when the input asks for it', async () => {
  const { checked, warnings, progress } = await check(true);
  expect((await checked).workspace.name).toBe('Other');
  expect(warnings).toEqual([expect.stringMatching(/"Acme".*"Other"/)]);
  expect(progress.get().connect.workspace?.name).toBe('Other');
});

it('the same bot is nothing to tell, whatever its workspace is called now', async () => {
  const { checked, warnings } = await check(true, 'bot-of-acme');
  await checked;
  expect(warnings).toEqual([]);
});
