import { existsSync } from 'node:fs';
import { takeSettings } from './connect/settings.js';
import { messageFor } from './errors.js';
import { openPlatform } from './platform.js';
import { Redactor } from './redact.js';
import { run } from './run.js';
import { environmentSecrets } from './secrets.js';

// Off the platform a .env file may hold the operator's variables; on it they come from the Console.
if (process.env.APIFY_IS_AT_HOME === undefined && existsSync('.env')) process.loadEnvFile();

const redactor = new Redactor(environmentSecrets(process.env));
const settings = takeSettings(process.env);
const platform = await openPlatform(redactor).catch((error: unknown) => {
  // There is no log without the platform.
  process.stderr.write(`${redactor.text(messageFor(error))}\n`);
  process.exit(1);
});
try {
  const conclusion = await run(platform, settings, redactor);
  if (conclusion === null) await platform.reboot();
  else await platform.exit(conclusion.exitCode, conclusion.message);
} catch (error) {
  await platform.exit(1, messageFor(error));
}
