import type { ItemSource, SinkContext, SinkDestination, SinkWorkspace } from '../sink.js';
import type { NotionApi } from './api.js';
import { bindColumns, columnIds, fieldsOfRun } from './bind.js';
import { isEdited } from './body-guard.js';
import { ChangeLog } from './change-log.js';
import { Checkpoint } from './checkpoint.js';
import { columnsFor } from './columns.js';
import type { ColumnSpec } from './columns.js';
import { createDestination } from './create-destination.js';
import { recoverInherited } from './creates.js';
import { findDestination } from './destination.js';
import type { FoundDestination } from './found-destination.js';
import { Executor } from './execute.js';
import { FreshRows } from './fresh-rows.js';
import type { ShownRow } from './fresh-rows.js';
import type { Gate } from './gate.js';
import { Journal } from './journal.js';
import type { Waits } from './limits.js';
import { Losses } from './losses.js';
import { mustVerify } from './plan.js';
import type { RowAction } from './plan.js';
import { recordPlan } from './record-plan.js';
import { Remarks } from './remarks.js';
import { DestinationMemory } from './remembered.js';
import { planRows } from './row-actions.js';
import { RowMemory } from './row-memory.js';
import { emptyIndex, liveRows, readIndex, showRows } from './rows.js';
import type { RowIndex } from './rows.js';
import { matchSchema, newSchema, plannedBinding } from './schema.js';
import { Snapshots } from './snapshots.js';
import { sourceOf } from './source.js';
import { streamPlan } from './stream-plan.js';
import { RowWriter } from './writer.js';

export interface SessionContext {
  sink: SinkContext;
  api: NotionApi;
  gate: Gate;
  waits: Waits;
  workspace: SinkWorkspace;
}

/** One sync into one workspace: find or make the database, read it, plan, write. */
export class Session {
  readonly #context: SessionContext;
  readonly #losses = new Losses();
  readonly #remarks = new Remarks();
  readonly #remembered: DestinationMemory;
  readonly workspace: SinkWorkspace;
  /** Sentences for the report. */
  readonly notes: string[] = [];
  destination: SinkDestination | null = null;
  checkpoint: Checkpoint | null = null;

  constructor(context: SessionContext) {
    this.#context = context;
    this.workspace = context.workspace;
    const { memory, userId, input, log } = context.sink;
    const name = input.notionDatabase ?? input.notionDatabaseTitle;
    this.#remembered = new DestinationMemory(memory, { userId, botId: context.workspace.botId, name }, log);
  }

  /** The database as it is now, `null` when it has to be made. Reads only. Throws what `findDestination` throws. */
  async find(): Promise<FoundDestination | null> {
    const found = await findDestination(this.#context.api, this.#context.sink, this.#remembered);
    this.notes.push(...found.notes);
    return found.destination;
  }

  /** Checks that the columns of this run fit an existing database; only possible where they are known already. */
  checkColumns(found: FoundDestination): void {
    const { input } = this.#context.sink;
    if (input.datasetId === null) matchSchema(this.#columns(input.recordFields), found.properties, {});
  }

  /**
   * @returns false when the signal ended it before all was done
   * Throws `DestinationError`, `ConnectionLostError` and `StoppedError`.
   */
  async sync(items: ItemSource): Promise<boolean> {
    const { api, gate, sink, waits, workspace } = this.#context;
    const { input, userId, log } = sink;
    const fields = await fieldsOfRun(items, input, (count) =>
      this.notes.push(`${count} fields of the dataset got no column, because Notion limits columns.`),
    );
    const specs = this.#columns(fields);
    const found = await this.find();
    if (input.dryRun) return await this.#dryRun(items, specs, found);

    const open = found ?? (await this.#create(specs));
    const { destination } = open;
    this.destination = destination;
    const binding = await bindColumns({ api, memory: this.#remembered, log }, specs, open);
    const { dataSourceId } = destination;
    await this.#remembered.write({ destination, columns: columnIds(binding) });

    const checkpoint = await Checkpoint.open(sink.checkpoint, dataSourceId, items.count);
    this.checkpoint = checkpoint;
    const memory = await RowMemory.open(sink.memory, { userId, dataSourceId }, log);
    const journal = await Journal.open(sink.memory, { userId, dataSourceId }, waits.settleMs);
    const rows = { binding, botId: workspace.botId, source: sourceOf(input.startUrls, input.datasetId) };
    const shared = { api, dataSourceId, rows, checkpoint, journal, gate, waits };
    const indexedAt = Date.now();
    const index = found === null ? emptyIndex() : await readIndex(api, dataSourceId, rows);
    await recoverInherited(shared, index);
    const writer = new RowWriter({ api, dataSourceId, binding, source: rows.source });
    const { onUserEdit, restoreTrashed, syncContent } = input;
    const run = { ...this.#counting(), onUserEdit, restoreTrashed };
    const snapshots = await Snapshots.open(sink.memory, { userId, dataSourceId });
    const read = (keys: readonly string[]): Promise<ShownRow[]> => showRows(api, dataSourceId, rows, keys);
    const fresh = new FreshRows({ read, freshMs: waits.freshMs, indexedAt });
    const { table } = index;
    const changes = new ChangeLog({ binding, memory, snapshots, table, syncContent });
    const executor = new Executor({ ...shared, run, fresh, table, memory, writer, changes });
    try {
      return await executor.run(this.#planned(items, rows, index, memory, dataSourceId), () =>
        this.#rowActions(index, memory),
      );
    } finally {
      this.#report();
      await snapshots.save();
      if (await memory.save(liveRows(index))) await journal.close(checkpoint.postedTwice);
    }
  }

  #planned(
    items: ItemSource,
    rows: Parameters<typeof streamPlan>[1]['rows'],
    index: RowIndex,
    memory: RowMemory,
    dataSourceId: string,
  ): ReturnType<typeof streamPlan> {
    const { api, sink } = this.#context;
    const { onUserEdit, restoreTrashed, syncContent, recordKeyFields: keyFields } = sink.input;
    const policy = { onUserEdit, restoreTrashed, syncContent, keyFields };
    return streamPlan(items, { api, dataSourceId, rows, index, memory, losses: this.#losses, policy });
  }

  #rowActions(index: RowIndex, memory: RowMemory): RowAction[] {
    const { sink } = this.#context;
    const { actions, refused, repeating } = planRows(index, memory, sink.crawl(), sink.input);
    if (repeating > 0) {
      sink.log.warning(`${repeating} rows in Notion repeat the key of an older row; they are left as they are.`);
    }
    if (refused !== null) this.notes.push(`No row was taken for removed, because ${refused}.`);
    return actions;
  }

  /** Reads and plans as a sync would, and records the plan in the place of results. */
  async #dryRun(items: ItemSource, specs: readonly ColumnSpec[], found: FoundDestination | null): Promise<boolean> {
    const { api, sink, workspace } = this.#context;
    this.destination = found?.destination ?? null;
    let binding = plannedBinding(specs);
    const dataSourceId = found?.destination.dataSourceId ?? 'planned';
    const source = sourceOf(sink.input.startUrls, sink.input.datasetId);
    let index = emptyIndex();
    if (found !== null) {
      const match = matchSchema(specs, found.properties, (await this.#remembered.read())?.columns ?? {});
      for (const warning of match.warnings) sink.log.warning(warning);
      // Without the sync's own columns no row is ours yet.
      if (match.binding !== null) {
        binding = match.binding;
        index = await readIndex(api, dataSourceId, { binding, botId: workspace.botId, source });
      }
    }
    const checkpoint = await Checkpoint.open(
      { get: async () => null, set: async () => undefined },
      dataSourceId,
      items.count,
    );
    this.checkpoint = checkpoint;
    const memory = await RowMemory.open(sink.memory, { userId: sink.userId, dataSourceId }, sink.log);
    const rows = { binding, botId: workspace.botId, source };
    const snapshots = await Snapshots.open(sink.memory, { userId: sink.userId, dataSourceId });
    const { onUserEdit, syncContent } = sink.input;
    const changes = new ChangeLog({ binding, memory, snapshots, table: index.table, syncContent });
    const writer = new RowWriter({ api, dataSourceId, binding, source });
    const read = (keys: readonly string[]): Promise<ShownRow[]> => showRows(api, dataSourceId, rows, keys);
    const shown = new FreshRows({ read, freshMs: Infinity, indexedAt: 0 });
    const finished = await recordPlan(
      this.#planned(items, rows, index, memory, dataSourceId),
      () => {
        const actions = this.#rowActions(index, memory);
        shown.expect(actions.map(({ key }) => key));
        return actions;
      },
      checkpoint.counts,
      {
        update: async ({ want, row, body }, item) => ({
          changes: await changes.changesOf(want.syncKey, item),
          edited: body && onUserEdit === 'keep' && mustVerify(row) && (await isEdited(api, row, writer.body(item))),
        }),
        title: async ({ key, row }) => (await shown.show(key, row.pageId))?.title ?? key,
      },
      this.#counting(),
    );
    this.#report();
    return finished;
  }

  /** The sink's context, where every record is counted for the report. */
  #counting(): SinkContext {
    const { sink } = this.#context;
    return {
      ...sink,
      record: (row, title) => {
        this.#remarks.count(row);
        return sink.record(row, title);
      },
    };
  }

  async #create(specs: readonly ColumnSpec[]): Promise<FoundDestination> {
    const { api, gate, sink, waits, workspace } = this.#context;
    const context = { api, gate, waits, checkpoint: sink.checkpoint, memory: this.#remembered, ...pick(sink) };
    const created = await createDestination(context, newSchema(specs));
    if (created.isPrivate) {
      this.notes.push(
        `The new database is private to ${workspace.userName ?? 'whoever connected Notion'}; share it in Notion, or give a ` +
          'page of your team as `notionParentPage`.',
      );
    }
    return created;
  }

  #columns(fields: Parameters<typeof columnsFor>[0]): ColumnSpec[] {
    return columnsFor(fields, this.#context.sink.input.propertyMapping);
  }

  #report(): void {
    this.notes.push(...this.#remarks.sentences());
    for (const sentence of this.#losses.sentences()) this.#context.sink.log.warning(sentence);
    for (const note of this.notes) this.#context.sink.log.info(note);
  }
}

function pick({ input, userId }: SinkContext): Pick<SinkContext, 'input' | 'userId'> {
  return { input, userId };
}
