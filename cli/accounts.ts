import { accountsCommand } from './operator/accounts-command.js';
import { startCommand } from './operator/command.js';

/** `npm run accounts -- list | show USER | disconnect USER`: for stuck users and deletion requests. */
await startCommand(accountsCommand);
