import type { Connector } from './connectors.js';

/** The sentences of this stage: what happened, to what, and the one next step (look.md). Pure. */

export function lostSentence({ label }: Connector): string {
  return `The connection to ${label} was lost. Start this Actor once from the Console and choose Reconnect ${label}.`;
}

export function sharedSentence(connector: Connector): string {
  const { label, name, connectionName, identifier } = connector;
  return (
    `The shared ${label} account is not connected. The operator of this Actor must connect it: ` +
    `\`npm run connect -- ${name}\` (connection "${connectionName}", identifier "${identifier}").`
  );
}

/** The configured connection does not exist; `names` are those that do. */
export function unknownConnectionSentence(connector: Connector, names: readonly string[]): string {
  const { connectionName, name } = connector;
  const close = names.find((one) => one.toLowerCase() === connectionName.toLowerCase());
  const hint =
    close !== undefined
      ? `it has "${close}", and upper and lower case matter`
      : names.length > 0
        ? `it has ${names.map((one) => `"${one}"`).join(', ')}`
        : 'it has none';
  return (
    `Scalekit has no connection named "${connectionName}"; ${hint}. The operator must set ` +
    `SCALEKIT_${name.toUpperCase()}_CONNECTION to the name in the Scalekit dashboard under AgentKit → Connections.`
  );
}

export function disabledConnectionSentence({ connectionName }: Connector): string {
  return (
    `The Scalekit connection "${connectionName}" is disabled. The operator must finish and enable it in the ` +
    'Scalekit dashboard under AgentKit → Connections.'
  );
}

export function unreachableSentence(host: string): string {
  return (
    `Scalekit cannot be reached at ${host}, so the account to write to is unknown. Start the run again; if it keeps ` +
    'happening, the operator must check SCALEKIT_ENV_URL and the state of Scalekit.'
  );
}

/** Consent was given but nothing came back: the one trace that a verification mode which was never chosen leaves. */
export function unverifiedSentence({ label }: Connector): string {
  return (
    `${label} said yes, but this page never heard back. Connect once more. If that does not help, the operator must choose ` +
    'a mode in the Scalekit dashboard under AgentKit → User Verification: custom, or "Scalekit users only" for development.'
  );
}

export const NO_USER_SENTENCE =
  'The Apify platform did not say whose run this is, so no account can be chosen. Start the run again from your own Apify account.';

export const NOT_CONFIGURED_SENTENCE =
  'No way to connect to Notion is configured. Set the SCALEKIT_ variables, or NOTION_TOKEN for a local run.';
