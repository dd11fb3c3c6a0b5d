import { DestinationError } from '../../errors.js';
import type { ItemSource, Sink, SinkCheck, SinkContext, SinkDestination, SinkReport, SinkWorkspace } from '../sink.js';
import { NotionApi } from './api.js';
import { Checkpoint, NO_COUNTS } from './checkpoint.js';
import { createClient } from './client.js';
import { columnsFor, FieldCollector } from './columns.js';
import type { ColumnSpec } from './columns.js';
import { createDestination } from './create-destination.js';
import { recoverInherited } from './creates.js';
import { findDestination } from './destination.js';
import type { FoundDestination } from './destination.js';
import { StoppedError } from './errors.js';
import { Executor } from './execute.js';
import { Gate } from './gate.js';
import { DEFAULT_WAITS } from './limits.js';
import type { Waits } from './limits.js';
import { toRunError } from './outcome.js';
import { makePlan } from './plan.js';
import type { Plan } from './plan.js';
import { recordPlan } from './record-plan.js';
import { DestinationMemory } from './remembered.js';
import { readIndex } from './rows.js';
import type { RowIndex } from './rows.js';
import { matchSchema, newSchema, plannedBinding } from './schema.js';
import type { Binding } from './schema.js';
import { Sender } from './send.js';
import { sourceOf } from './source.js';
import { readWanted } from './wanted.js';
import { workspaceOf } from './workspace.js';
import { RowWriter } from './writer.js';

export interface NotionSinkOptions {
  /** Origin of the API, for example `https://api.notion.com`. */
  apiUrl: string;
  /** For one request, in milliseconds. */
  timeoutMs: number;
  /** Tests scale the waits. */
  waits?: Partial<Waits>;
}

/** Makes the sink that keeps items as rows of a database in the Notion workspace of the token's owner. */
export function createNotionSink(context: SinkContext, options: NotionSinkOptions): Sink {
  return new NotionSink(context, options);
}

class NotionSink implements Sink {
  readonly #context: SinkContext;
  readonly #waits: Waits;
  readonly #gate: Gate;
  readonly #sender: Sender;
  readonly #api: NotionApi;
  #requests = 0;
  #startedAt = 0;
  #destination: SinkDestination | null = null;
  #checkpoint: Checkpoint | null = null;

  constructor(context: SinkContext, options: NotionSinkOptions) {
    this.#context = context;
    this.#waits = { ...DEFAULT_WAITS, ...options.waits };
    this.#gate = new Gate(context.signal, (until) => context.onPause(until));
    this.#sender = new Sender({ tokens: context.tokens, gate: this.#gate, waits: this.#waits, log: context.log });
    const client = createClient({
      apiUrl: options.apiUrl,
      timeoutMs: options.timeoutMs,
      onRequest: () => (this.#requests += 1),
    });
    this.#api = new NotionApi(client, this.#sender);
  }

  async check(): Promise<SinkCheck> {
    return this.#guard(async () => {
      const workspace = await this.#workspace();
      const found = await findDestination(this.#api, this.#context, this.#memory(workspace));
      if (found !== null && this.#context.input.datasetId === null) {
        matchSchema(this.#columns(this.#context.input.recordFields), found.properties, {});
      }
      return { workspace, destination: found?.destination ?? null };
    });
  }

  async sync(items: ItemSource): Promise<SinkReport> {
    this.#startedAt = Date.now();
    const finished = await this.#guard(() => this.#sync(items));
    return this.#report(finished);
  }

  partialReport(): SinkReport | null {
    return this.#requests === 0 ? null : this.#report(false);
  }

  async #sync(items: ItemSource): Promise<boolean> {
    const { input, checkpoint: store, userId, log } = this.#context;
    try {
      const workspace = await this.#workspace();
      const memory = this.#memory(workspace);
      const specs = this.#columns(await this.#fields(items));
      const found = await findDestination(this.#api, this.#context, memory);
      if (input.dryRun) return await this.#dryRun(items, specs, found, memory, workspace.botId);

      const createContext = { api: this.#api, checkpoint: store, gate: this.#gate, waits: this.#waits, input, userId };
      const open = found ?? (await createDestination(createContext, newSchema(specs)));
      const { destination } = open;
      this.#destination = destination;
      const binding = await this.#bind(specs, open, memory);
      await memory.write({
        version: 1,
        databaseId: destination.databaseId,
        dataSourceId: destination.dataSourceId,
        columns: remembering(binding),
      });

      const { dataSourceId } = destination;
      const checkpoint = await Checkpoint.open(store, dataSourceId, items.count);
      this.#checkpoint = checkpoint;
      const shared = {
        api: this.#api,
        dataSourceId,
        binding,
        checkpoint,
        gate: this.#gate,
        waits: this.#waits,
        botId: workspace.botId,
      };
      const index = found === null ? emptyIndex() : await readIndex(this.#api, dataSourceId, binding, workspace.botId);
      await recoverInherited(shared, index);
      const plan = await this.#plan(items, binding, index);
      if (index.duplicates.length > 0) {
        log.warning(
          `${index.duplicates.length} rows in Notion repeat the key of an older row; they are left as they are.`,
        );
      }
      if (input.onRemoved !== 'keep') {
        log.warning('onRemoved: this release keeps the rows of pages that are gone; nothing is marked or trashed.');
      }
      const source = sourceOf(input.startUrls, input.datasetId);
      const run = { ...this.#context, onUserEdit: input.onUserEdit };
      const writer = new RowWriter({ api: this.#api, dataSourceId, binding, source });
      return await new Executor({ ...shared, run, items, writer }, plan).run();
    } catch (error) {
      if (error instanceof StoppedError) return false;
      throw error;
    }
  }

  /** Reads and plans as a sync would, and records the plan in the place of results. */
  async #dryRun(
    items: ItemSource,
    specs: readonly ColumnSpec[],
    found: FoundDestination | null,
    memory: DestinationMemory,
    botId: string,
  ): Promise<boolean> {
    this.#destination = found?.destination ?? null;
    let binding = plannedBinding(specs);
    let index = emptyIndex();
    if (found !== null) {
      const match = matchSchema(specs, found.properties, (await memory.read())?.columns ?? {});
      for (const warning of match.warnings) this.#context.log.warning(warning);
      // Without the sync's own columns no row is ours yet.
      if (match.binding !== null) {
        binding = match.binding;
        index = await readIndex(this.#api, found.destination.dataSourceId, binding, botId);
      }
    }
    const { dataSourceId } = found?.destination ?? { dataSourceId: 'planned' };
    const checkpoint = await Checkpoint.open(
      { get: async () => null, set: async () => undefined },
      dataSourceId,
      items.count,
    );
    this.#checkpoint = checkpoint;
    return recordPlan(await this.#plan(items, binding, index), checkpoint.counts, this.#context);
  }

  /** Adds the columns that are missing, then binds all. */
  async #bind(
    specs: readonly ColumnSpec[],
    { destination, properties }: FoundDestination,
    memory: DestinationMemory,
  ): Promise<Binding> {
    const remembered = (await memory.read())?.columns ?? {};
    const match = matchSchema(specs, properties, remembered);
    for (const warning of match.warnings) this.#context.log.warning(warning);
    if (match.binding !== null) return match.binding;
    const changed = await this.#api.addColumns(destination.dataSourceId, match.missing);
    const { binding } = matchSchema(specs, changed.properties, remembered);
    if (binding === null) {
      const names = Object.keys(match.missing).join(', ');
      throw new DestinationError(
        `Notion did not add the columns ${names}. Add them by hand, or choose another database.`,
      );
    }
    return binding;
  }

  async #plan(items: ItemSource, binding: Binding, index: RowIndex): Promise<Plan> {
    const { input, log } = this.#context;
    const wanted = await readWanted(items, binding, input.syncContent, log);
    return makePlan(wanted, index, { onUserEdit: input.onUserEdit });
  }

  #columns(fields: Parameters<typeof columnsFor>[0]): ColumnSpec[] {
    return columnsFor(fields, this.#context.input.propertyMapping);
  }

  /** The record's fields as declared, or as an existing dataset shows them. */
  async #fields(items: ItemSource): Promise<Parameters<typeof columnsFor>[0]> {
    const { recordFields, datasetId } = this.#context.input;
    if (recordFields.length > 0 || datasetId === null) return recordFields;
    const collector = new FieldCollector();
    for await (const { item } of items.entries()) collector.add(item);
    return collector.fields();
  }

  #memory({ botId }: SinkWorkspace): DestinationMemory {
    const { memory, userId, input, log } = this.#context;
    return new DestinationMemory(
      memory,
      { userId, botId, name: input.notionDatabase ?? input.notionDatabaseTitle },
      log,
    );
  }

  /** Whose workspace it is; asked with a token that was read right before. */
  async #workspace(): Promise<SinkWorkspace> {
    this.#sender.forgetToken();
    return workspaceOf(await this.#api.me());
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw toRunError(error);
    }
  }

  #report(finished: boolean): SinkReport {
    return {
      ...(this.#checkpoint?.counts ?? NO_COUNTS),
      destination: this.#destination,
      requests: this.#requests,
      rateLimitedSeconds: Math.round(this.#gate.pausedSeconds),
      seconds: this.#startedAt === 0 ? 0 : Math.round((Date.now() - this.#startedAt) / 1000),
      finished,
    };
  }
}

function emptyIndex(): RowIndex {
  return { byKey: new Map(), duplicates: [] };
}

function remembering({ title, content, system }: Binding): Record<string, string> {
  const columns = [title, ...content, ...Object.values(system)];
  return Object.fromEntries(columns.map(({ spec, id }) => [spec.name, id]));
}
