import type { GetSelfResponse } from '@notionhq/client';
import type { SinkWorkspace } from '../sink.js';

/** Whose workspace a token opens, from the answer of `GET /v1/users/me`. Pure. */
export function workspaceOf(me: GetSelfResponse): SinkWorkspace {
  if (me.type !== 'bot' || !('workspace_name' in me.bot)) return { botId: me.id, name: 'Notion', userName: me.name };
  const { owner, workspace_name: name } = me.bot;
  const userName = owner.type === 'user' && 'name' in owner.user ? owner.user.name : null;
  return { botId: me.id, name: name ?? 'Notion', userName };
}
