import { openScalekit, type ScalekitGateway } from '../../src/connect/scalekit.js';
import type { ConnectSettings } from '../../src/connect/settings.js';
import { OperatorError } from '../../src/errors.js';

/**
 * The operator's Scalekit environment.
 * @throws OperatorError when the settings name none, or are not usable
 */
export function operatorScalekit(settings: ConnectSettings): ScalekitGateway {
  if (settings.problem !== null) throw settings.problem;
  if (settings.scalekit === null) {
    throw new OperatorError(
      'No Scalekit environment is configured. Set SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET, ' +
        'for example in a .env file; docs/operate.md says where to find them.',
    );
  }
  return openScalekit(settings.scalekit);
}
