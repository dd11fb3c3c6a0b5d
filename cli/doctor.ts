import { startCommand } from './operator/command.js';
import { doctorCommand } from './operator/doctor-command.js';

/** `npm run doctor`: is everything set up as a run needs it? `-- --live` tries the vendors' undocumented facts. */
await startCommand(doctorCommand);
