import { randomBytes } from 'node:crypto';

/** Who made a storage: what the Actor may open under limited permissions depends on it. */
export type Maker = 'platform' | 'actor' | 'user';

export type StorageKind = 'datasets' | 'key-value-stores' | 'request-queues';

export interface Storage {
  kind: StorageKind;
  id: string;
  name: string | null;
  maker: Maker;
  /** Dataset: the items, each with the epoch ms of its arrival. */
  items: { at: number; value: Record<string, unknown> }[];
  /** Key-value store. */
  records: Map<string, { contentType: string; body: string }>;
  /** Request queue, in order. */
  requests: QueuedRequest[];
  modifiedAt: number;
}

export interface QueuedRequest {
  id: string;
  uniqueKey: string;
  handledAt?: string | null;
  /** Position in the queue; `null` when handled. */
  orderNo: number | null;
  [field: string]: unknown;
}

export const newId = (): string => randomBytes(13).toString('base64url').replace(/[-_]/g, 'x').slice(0, 17);

/** All storages of one account. */
export class Storages {
  readonly all: Storage[] = [];

  create(kind: StorageKind, maker: Maker, name: string | null = null): Storage {
    const storage: Storage = {
      kind,
      id: newId(),
      name,
      maker,
      items: [],
      records: new Map(),
      requests: [],
      modifiedAt: Date.now(),
    };
    this.all.push(storage);
    return storage;
  }

  byId(kind: StorageKind, id: string): Storage | undefined {
    return this.all.find((storage) => storage.kind === kind && storage.id === id);
  }

  byName(kind: StorageKind, name: string): Storage | undefined {
    return this.all.find((storage) => storage.kind === kind && storage.name === name);
  }

  drop(storage: Storage): void {
    this.all.splice(this.all.indexOf(storage), 1);
  }
}
