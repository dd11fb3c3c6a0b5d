import { parseArgs } from 'node:util';
import type { Connector } from '../../src/connect/connectors.js';
import type { AccountStatus, ScalekitAccount, ScalekitGateway } from '../../src/connect/scalekit.js';
import { orStopped, UsageError, type Command, type CommandContext } from './command.js';
import { operatorScalekit } from './scalekit.js';
import { table } from './table.js';

const USAGE = `Usage: npm run accounts -- list | show USER | disconnect USER [--yes]

  list             every account of the configured connections
  show USER        the accounts of one user: an Apify user id, or the identifier of a shared account
  disconnect USER  deletes them at Scalekit, after a question; --yes answers it`;

/** An account with the connector that it belongs to. */
interface Entry extends ScalekitAccount {
  connector: Connector;
}

/** What each state means to an operator, and the next step. */
const MEANING: Record<AccountStatus, [words: string, next: string]> = {
  ACTIVE: ['connected', 'Nothing to do.'],
  EXPIRED: ['lost: it could not be renewed', 'The user starts the Actor from the Console and reconnects.'],
  DISCONNECTED: ['ended', 'The user starts the Actor from the Console and reconnects.'],
  PENDING_AUTH: ['consent begun, not finished', 'The user connects once more; every click makes a fresh link.'],
  PENDING_VERIFICATION: [
    'consent given, not verified',
    'The user connects once more. When it stays so, choose a mode under AgentKit → User Verification.',
  ],
  UNSPECIFIED: ['unknown', 'The user connects once more.'],
};

export const accountsCommand: Command = {
  usage: USAGE,
  run: async (context) => {
    const { action, user, yes } = parse(context.args);
    const gateway = operatorScalekit(context.settings);
    const look = (name: string) => (action === 'list' ? gateway.accounts(name) : accountOf(gateway, name, user));
    const found = await orStopped(entries(gateway, Object.values(context.settings.connectors), look), context.signal);
    if (action === 'list') return list(context, found);
    if (found.length === 0) {
      context.terminal.complain(
        `No account belongs to "${user}". Upper and lower case matter: npm run accounts -- list`,
      );
      return 1;
    }
    return action === 'show' ? show(context, found) : disconnect(context, gateway, found, yes);
  },
};

function parse(args: string[]): { action: 'list' | 'show' | 'disconnect'; user: string; yes: boolean } {
  const { positionals, yes } = split(args);
  const [action, user, ...rest] = positionals;
  if (action !== 'list' && action !== 'show' && action !== 'disconnect') {
    throw new UsageError('Say what to do: list, show or disconnect.');
  }
  if (action === 'list' ? user !== undefined : user === undefined || rest.length > 0) {
    throw new UsageError(action === 'list' ? '`list` takes nothing more.' : `\`${action}\` takes one user.`);
  }
  if (yes && action !== 'disconnect') throw new UsageError('`--yes` belongs to `disconnect`.');
  return { action, user: user ?? '', yes };
}

function split(args: string[]): { positionals: string[]; yes: boolean } {
  try {
    const { positionals, values } = parseArgs({ args, allowPositionals: true, options: { yes: { type: 'boolean' } } });
    return { positionals, yes: values.yes ?? false };
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message.split('.')[0]}.` : String(error));
  }
}

async function entries(
  gateway: ScalekitGateway,
  connectors: Connector[],
  look: (connectionName: string) => Promise<ScalekitAccount[]>,
): Promise<Entry[]> {
  const lists: Entry[][] = [];
  // A connector that nobody set up has no accounts; to ask for them may be refused.
  const names = new Set((await gateway.connections()).map(({ name }) => name));
  for (const connector of connectors.filter(({ connectionName }) => names.has(connectionName))) {
    const accounts = await look(connector.connectionName);
    lists.push(accounts.map((account) => ({ ...account, connector })));
  }
  return lists.flat();
}

/** One user's account, asked for by name: an environment may have a great many. */
async function accountOf(
  gateway: ScalekitGateway,
  connectionName: string,
  identifier: string,
): Promise<ScalekitAccount[]> {
  const { exists, status, updatedAt } = await gateway.read({ connectionName, identifier });
  return exists ? [{ identifier, status, updatedAt }] : [];
}

function list({ terminal }: CommandContext, all: Entry[]): number {
  if (all.length > 0) {
    const rows = all.map((entry) => [entry.identifier, entry.connector.connectionName, ...state(entry)]);
    for (const line of table([['User', 'Connection', 'State', 'Changed'], ...rows])) terminal.say(line);
    terminal.say('');
  }
  const connected = all.filter(({ status }) => status === 'ACTIVE').length;
  terminal.say(`${all.length} ${all.length === 1 ? 'account' : 'accounts'}, ${connected} connected.`);
  return 0;
}

function show({ terminal }: CommandContext, found: Entry[]): number {
  for (const entry of found) {
    const { connector, status } = entry;
    const [words, changed] = state(entry);
    const rows = [
      [
        'Connector',
        `${connector.label}, ${connector.identifier === entry.identifier ? 'shared by every run' : 'per user'}`,
      ],
      ['Connection', connector.connectionName],
      ['State', words],
      ['Changed', changed],
      ['Next', MEANING[status][1]],
      ['For support', status],
    ];
    for (const line of table(rows)) terminal.say(line);
    terminal.say('');
  }
  terminal.say(`${found.length} ${found.length === 1 ? 'account' : 'accounts'} of "${found[0]?.identifier ?? ''}".`);
  return 0;
}

async function disconnect(
  { terminal, signal }: CommandContext,
  gateway: ScalekitGateway,
  found: Entry[],
  yes: boolean,
): Promise<number> {
  const user = found[0]?.identifier ?? '';
  const names = found.map(({ connector }) => connector.label).join(', ');
  const everybody = found.some(({ connector }) => connector.identifier === user);
  const question = `Delete the ${names} connection of "${user}"?${everybody ? ' Every run uses it.' : ''}`;
  const agreed = yes ? true : await orStopped(terminal.confirm(question), signal);
  if (agreed === null) throw new UsageError('Nobody can be asked here: add `--yes` to disconnect without a question.');
  if (!agreed) {
    terminal.complain('Nothing was changed.');
    return 1;
  }
  for (const { connector, identifier } of found) {
    await orStopped(gateway.deleteAccount({ connectionName: connector.connectionName, identifier }), signal);
    terminal.say(`${connector.label}: deleted at Scalekit.`);
  }
  terminal.say(
    `"${user}" is disconnected; the next run asks for consent again. The grant may still be listed in the user’s own ` +
      'workspace, under Settings, Connections, where they can remove it.',
  );
  return 0;
}

function state({ status, updatedAt }: Entry): [words: string, changed: string] {
  const changed = updatedAt === null ? '' : `${new Date(updatedAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return [MEANING[status][0], changed];
}
