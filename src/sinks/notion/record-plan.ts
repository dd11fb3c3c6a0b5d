import type { SyncAction } from '../../progress.js';
import type { SinkContext, SyncCounts } from '../sink.js';
import type { Action, Plan } from './plan.js';

/**
 * Records what a sync would do, without doing it.
 * @param counts is added to
 * @returns false when the signal ended it early
 */
export async function recordPlan(plan: Plan, counts: SyncCounts, context: SinkContext): Promise<boolean> {
  for (const action of plan) {
    if (context.signal.aborted) return false;
    const planned = OUTCOMES[action.kind];
    const about = action.kind === 'duplicate' ? { key: action.key, url: action.key, title: action.key } : action.want;
    const row = 'row' in action ? action.row : null;
    const reason = reasonOf(action);
    await context.record(
      {
        key: about.key,
        url: about.url,
        action: planned,
        ...(reason === null ? {} : { reason }),
        notionPageId: row?.pageId ?? null,
        notionUrl: row?.url ?? null,
      },
      about.title,
    );
    counts[planned] += 1;
    if (action.kind !== 'duplicate') counts.done += 1;
    context.onCounts({ ...counts });
  }
  return true;
}

const OUTCOMES: Record<Action['kind'], SyncAction> = {
  create: 'created',
  update: 'updated',
  restore: 'restored',
  unchanged: 'unchanged',
  kept: 'kept',
  repeated: 'kept',
  duplicate: 'kept',
};

function reasonOf(action: Action): string | null {
  if (action.kind === 'kept') return action.reason;
  return action.kind === 'repeated' || action.kind === 'duplicate' ? action.kind : null;
}
