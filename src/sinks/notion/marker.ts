import { createHash } from 'node:crypto';

/**
 * Stands in the description of a database that we made, so that it is found again when our own memory is gone. It tells
 * nothing about the user, and differs between users who share a workspace.
 */
export function markerOf(userId: string, title: string): string {
  return `wtn-${createHash('sha256')
    .update(JSON.stringify([userId, title]))
    .digest('hex')
    .slice(0, 16)}`;
}
