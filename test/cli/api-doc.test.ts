import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { actorCommand } from '../../cli/actor/command.js';
import { missingPermission } from '../../src/platform/permissions.js';
import { runHere } from './support.js';

const text = readFileSync(fileURLToPath(new URL('../../docs/api.md', import.meta.url)), 'utf8');
const commands = [...text.matchAll(/^npm run (?:-s )?actor -- ([^#>\n]+)/gm)].map(([, args = '']) => args.trim());

/** The rows of the table below the line that contains `after`. */
function table(after: string): string[][] {
  const lines = text.slice(text.indexOf(after)).split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, at) => at > from && !line.startsWith('|'));
  return lines.slice(from + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/api.md', () => {
  it('shows commands that the command line understands, all of them', async () => {
    expect(commands.length).toBeGreaterThan(5);
    for (const command of commands) {
      const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
      const { exitCode, err } = await runHere(actorCommand, args, { HOME: '/nowhere' });
      // It gets as far as asking for a token.
      expect(exitCode, command).toBe(2);
      expect(err, command).toMatch(/^There is no token/);
    }
    const { out: usage } = await runHere(actorCommand, ['--help'], {});
    const names = [...usage.matchAll(/^ {2}(start|schedule|status|resurrect|items) /gm)].map(([, name]) => name);
    const shown = commands.map((command) => command.split(' ')[0]);
    expect(new Set(shown)).toEqual(new Set(names));
  });

  it('lists every right that a run can say it lacks', () => {
    const rights = table('Under restricted access this Actor needs').map(([right = '']) => right);
    const paths = ['/datasets/x', '/key-value-stores/x', '/request-queues/x', '/actor-runs/x', '/users/me'];
    for (const path of paths) {
      const said = missingPermission({ statusCode: 403, path, httpMethod: 'put' })?.message ?? '';
      const [kind = ''] = /"(.+?)[":]/.exec(said)?.slice(1) ?? [];
      expect(kind).not.toBe('');
      expect(
        rights.some((right) => right.includes(kind)),
        `${kind} in the table`,
      ).toBe(true);
    }
  });

  it('lists what a token needs by hand for tasks and schedules, as the command line does', async () => {
    const { out: usage } = await runHere(actorCommand, ['--help'], {});
    const byHand = Object.fromEntries(table('Some rights need others').map(([to = '', , more = '']) => [to, more]));
    expect(byHand['start a task']).toBe('Run on its Actor');
    expect(usage).toContain('"Run" on the Actor (for a task also "Read" on the task)');
    expect(byHand['create or change a schedule']).toBe('Run on the Actor that it starts, or Read on the task');
    expect(usage).toContain('"Run" on the Actor (for a task: "Read" on the task)');
    expect(byHand.resurrect).toBe('Run on the Actor');
    expect(usage).toMatch(/resurrect "Write" on Actor runs, "Run" on the Actor/);
  });
});
