import { randomBytes } from 'node:crypto';
import { startNotion, type NotionStandIn } from './notion/server.js';
import { startScalekit, type ScalekitStandIn } from './scalekit/server.js';

/** Both vendors on loopback, joined as they are in the world: consent at Scalekit grants a Notion token. */
export interface Sandbox {
  notion: NotionStandIn;
  scalekit: ScalekitStandIn;
  /** What an Actor run needs in its environment to talk to the sandbox instead of the vendors. */
  env: Record<string, string>;
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Workspaces that the consent page offers. */
  workspaces?: string[];
  notion?: Parameters<typeof startNotion>[0];
  scalekit?: Partial<Parameters<typeof startScalekit>[0]>;
}

/** Starts the sandbox on free loopback ports. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { workspaces = ['Research', 'Side project'] } = options;
  const notion = await startNotion(options.notion);
  const scalekit = await startScalekit({
    workspaces,
    grant: (workspace) => ({
      accessToken: notion.authorize({ workspace }).accessToken,
      // Nothing of ours may ever use it; it is there so that tests can see that nobody keeps it.
      refreshToken: `nrt_${randomBytes(20).toString('hex')}`,
    }),
    revokeGrant: (accessToken) => notion.revoke(accessToken),
    ...options.scalekit,
  });
  return {
    notion,
    scalekit,
    env: {
      SCALEKIT_ENV_URL: scalekit.url,
      SCALEKIT_CLIENT_ID: scalekit.clientId,
      SCALEKIT_CLIENT_SECRET: scalekit.clientSecret,
      NOTION_API_URL: notion.url,
    },
    close: async () => {
      await Promise.all([notion.close(), scalekit.close()]);
    },
  };
}
