import { connectCommand } from './operator/connect-command.js';
import { startCommand } from './operator/command.js';

/** `npm run connect -- youtube`: the operator connects the account that all runs share. */
await startCommand(connectCommand);
