import { actorCommand } from './actor/command.js';
import { startCommand } from './operator/command.js';

/** `npm run actor -- start | schedule | status | resurrect | items`: the Actor on Apify, from this computer. */
await startCommand(actorCommand);
