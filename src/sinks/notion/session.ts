import type { ItemSource, SinkContext, SinkDestination, SinkWorkspace } from '../sink.js';
import type { NotionApi } from './api.js';
import { bindColumns, columnIds, fieldsOfRun, leftAlone, matchColumns } from './bind.js';
import { ChangeLog } from './change-log.js';
import { Checkpoint } from './checkpoint.js';
import { columnsFor } from './columns.js';
import type { ColumnSpec } from './columns.js';
import { createDestination } from './create-destination.js';
import { recoverInherited } from './creates.js';
import { findDestination } from './destination.js';
import type { FoundDestination } from './found-destination.js';
import { Executor } from './execute.js';
import type { ExecuteContext } from './execute.js';
import { FreshRows } from './fresh-rows.js';
import type { ShownRow } from './fresh-rows.js';
import type { Gate } from './gate.js';
import { Journal } from './journal.js';
import { Judge } from './judge.js';
import type { Waits } from './limits.js';
import { Losses } from './losses.js';
import type { RowAction } from './plan.js';
import { recordPlan } from './record-plan.js';
import { Remarks } from './remarks.js';
import { DestinationMemory } from './remembered.js';
import { planRows } from './row-actions.js';
import { RowMemory } from './row-memory.js';
import { emptyIndex, liveRows, readIndex, showRows } from './rows.js';
import type { RowIndex } from './rows.js';
import { newSchema, plannedBinding } from './schema.js';
import type { Binding, SchemaMatch } from './schema.js';
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

/** The database that rows go into, or would. */
interface Place {
  dataSourceId: string;
  binding: Binding;
  /** False when there can be none of ours yet. */
  hasRows: boolean;
}

/** What a sync works with, and a dry run reads. */
interface Work extends ExecuteContext {
  index: RowIndex;
  snapshots: Snapshots;
  planned: ReturnType<typeof streamPlan>;
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
  async checkColumns(found: FoundDestination): Promise<void> {
    const { input } = this.#context.sink;
    if (input.datasetId === null) await matchColumns(this.#remembered, this.#columns(input.recordFields), found);
  }

  /**
   * Writes, or in a dry run reads and plans as if it wrote and records the plan in the place of results.
   * @returns false when the signal ended it before all was done
   * Throws `DestinationError`, `ConnectionLostError` and `StoppedError`.
   */
  async sync(items: ItemSource): Promise<boolean> {
    const { input } = this.#context.sink;
    const fields = await fieldsOfRun(items, input, (sentence) => this.notes.push(sentence));
    const specs = this.#columns(fields);
    const found = await this.find();
    const place = input.dryRun ? await this.#plannedPlace(specs, found) : await this.#place(specs, found);
    const work = await this.#prepare(items, place);
    const rest = (): RowAction[] => this.#rowActions(work.index, work.memory);
    try {
      return input.dryRun
        ? await recordPlan(work.planned, rest, { ...work, counts: work.checkpoint.counts })
        : await new Executor(work).run(work.planned, rest);
    } finally {
      this.#report();
      if (!input.dryRun) await save(work);
    }
  }

  /** The database to write to, made and given its columns where it has to be. */
  async #place(specs: readonly ColumnSpec[], found: FoundDestination | null): Promise<Place> {
    const open = found ?? (await this.#create(specs));
    const { destination } = open;
    this.destination = destination;
    const match = await this.#match(specs, open);
    const binding = await bindColumns(this.#context.api, this.#remembered, specs, open, match);
    await this.#remembered.write(destination);
    await this.#remembered.writeColumns(destination.dataSourceId, columnIds(binding));
    return { dataSourceId: destination.dataSourceId, binding, hasRows: found !== null };
  }

  /** The same as it would be; nothing is made. */
  async #plannedPlace(specs: readonly ColumnSpec[], found: FoundDestination | null): Promise<Place> {
    if (found === null) return { dataSourceId: 'planned', binding: plannedBinding(specs), hasRows: false };
    this.destination = found.destination;
    const { binding, hasRows } = await this.#match(specs, found);
    return { dataSourceId: found.destination.dataSourceId, binding, hasRows };
  }

  async #match(specs: readonly ColumnSpec[], found: FoundDestination): Promise<SchemaMatch> {
    const match = await matchColumns(this.#remembered, specs, found);
    for (const warning of match.warnings) this.#context.sink.log.warning(warning);
    const columns = await leftAlone(this.#remembered, found, match);
    if (this.#context.sink.input.datasetId !== null && columns.length > 0) {
      this.notes.push(
        `No item of the dataset has a field for ${columns.join(', ')}; what stands in these columns is left as it is.`,
      );
    }
    return match;
  }

  /** Reads what is there and what earlier runs remember, and wires up planning and writing. */
  async #prepare(items: ItemSource, { dataSourceId, binding, hasRows }: Place): Promise<Work> {
    const { api, gate, sink, waits, workspace } = this.#context;
    const { input, userId, log } = sink;
    const of = { userId, dataSourceId };
    const checkpoint = await Checkpoint.open(sink.checkpoint, dataSourceId, items.count);
    this.checkpoint = checkpoint;
    const memory = await RowMemory.open(sink.memory, of, log);
    const journal = await Journal.open(sink.memory, of, waits.settleMs);
    const snapshots = await Snapshots.open(sink.memory, of);
    const rows = { binding, botId: workspace.botId, source: sourceOf(input.startUrls, input.datasetId) };
    const indexedAt = Date.now();
    const index = hasRows ? await readIndex(api, dataSourceId, rows) : emptyIndex();
    const { table } = index;
    const shared = { api, dataSourceId, rows, checkpoint, journal, table, memory, gate, waits };
    if (!input.dryRun) await recoverInherited(shared, index);
    const { syncContent, recordKeyFields: keyFields } = input;
    const writer = new RowWriter({ api, dataSourceId, binding, source: rows.source });
    const changes = new ChangeLog({ binding, memory, snapshots, table, syncContent });
    const read = (keys: readonly string[]): Promise<ShownRow[]> => showRows(api, dataSourceId, rows, keys);
    const fresh = new FreshRows({ read, freshMs: waits.freshMs, indexedAt });
    const judge = new Judge({ api, fresh, policy: input, body: (item) => writer.body(item) });
    const policy = { ...input, keyFields };
    const planned = streamPlan(items, { api, dataSourceId, rows, index, memory, losses: this.#losses, policy });
    const run = { ...this.#counting(), onUserEdit: input.onUserEdit };
    return { ...shared, run, index, snapshots, writer, changes, judge, planned };
  }

  #rowActions(index: RowIndex, memory: RowMemory): RowAction[] {
    const { sink } = this.#context;
    const { actions, notes, repeating } = planRows(index, memory, sink.crawl(), sink.input);
    if (repeating > 0) {
      sink.log.warning(`${repeating} rows in Notion repeat the key of an older row; they are left as they are.`);
    }
    this.notes.push(...notes);
    return actions;
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
        `The new database is private to ${workspace.userName ?? 'whoever connected Notion'}; share it in Notion, or move it ` +
          'under a page of your team: later runs find it there.',
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
    const summary = this.#losses.summary();
    if (summary !== null) this.notes.push(summary);
  }
}

/** What later runs know of this one. */
async function save({ checkpoint, index, journal, memory, snapshots }: Work): Promise<void> {
  await snapshots.save();
  if (await memory.save(liveRows(index))) await journal.close(checkpoint.postedTwice);
}

function pick({ input, userId }: SinkContext): Pick<SinkContext, 'input' | 'userId'> {
  return { input, userId };
}
