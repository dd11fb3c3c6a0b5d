import { RunError } from '../../src/errors.js';

/** What a scoped token needs, by request. The first that fits names it. Source: docs/api.md, "Scoped tokens". */
const PERMISSIONS: { method: RegExp; path: RegExp; needs: string }[] = [
  { method: /post/i, path: /\/actor-tasks\/[^/]+\/runs/, needs: '"Read" on the task and "Run" on its Actor' },
  { method: /./, path: /\/actor-tasks/, needs: '"Read" on the task' },
  { method: /post/i, path: /\/act(or)?s\/[^/]+\/runs/, needs: '"Run" on the Actor' },
  { method: /./, path: /\/act(or)?s\//, needs: '"Read" on the Actor' },
  { method: /get/i, path: /\/schedules/, needs: '"Read" on schedules' },
  {
    method: /./,
    path: /\/schedules/,
    needs: '"Write" on schedules, and "Run" on the Actor (for a task: "Read" on the task) that it starts',
  },
  { method: /post/i, path: /\/actor-runs\/[^/]+\/resurrect/, needs: '"Write" on Actor runs, and "Run" on the Actor' },
  { method: /./, path: /\/(actor-runs|logs)\//, needs: '"Read" on Actor runs' },
  { method: /./, path: /\/datasets\//, needs: '"Read" on the dataset' },
  { method: /./, path: /\/key-value-stores\//, needs: '"Read" on the key-value store' },
];

interface ApiFault {
  statusCode?: number;
  type?: string;
  message: string;
  path?: string;
  httpMethod?: string;
  data?: { approvalUrl?: string };
}

/** True when the platform refused the request because of the token. */
export function isRefusedToken(error: unknown): boolean {
  return (error as ApiFault).statusCode === 403;
}

/** What the platform's refusal means for the person, with the next step; any other error as it is. Pure. */
export function explain(error: unknown): unknown {
  if (!(error instanceof Error) || (error as Partial<ApiFault>).statusCode === undefined) return error;
  const { statusCode, type = '', message, path = '', httpMethod = '', data } = error as unknown as ApiFault;
  const detail = `${statusCode} ${type}, ${httpMethod.toUpperCase()} ${path}`;
  return new RunError(sentence(), { detail, cause: error });

  function sentence(): string {
    if (type === 'full-permission-actor-not-approved') {
      return `This Actor asks for full permissions, which you have to approve once: ${data?.approvalUrl ?? 'open it in the Console'}.`;
    }
    switch (statusCode) {
      case 401:
        return 'Apify does not know this token. Set APIFY_TOKEN to one from the Console (Settings → API & Integrations).';
      case 402:
        return `Apify did not start it: ${message}. Check your plan's memory and usage in the Console.`;
      case 403: {
        const needs = PERMISSIONS.find((one) => one.method.test(httpMethod) && one.path.test(path))?.needs;
        return `The token lacks a permission: it needs ${needs ?? 'more rights'}. Add it in the Console, or use a token without a scope.`;
      }
      case 404:
        return `Apify has nothing under that name, or hides it from this token. Check the ID, or write it as user/name.`;
      default:
        return `Apify refused it: ${message}.`;
    }
  }
}
