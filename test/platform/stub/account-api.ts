import type { ServerResponse } from 'node:http';
import { ApiError, json, notFound, type ApiRequest } from './http.js';
import { ACTOR_ID, USER_ID, type Run, type RunOptions } from './runs.js';
import { newId } from './storages.js';

/** Name of the account with `USER_ID`. */
export const USER_NAME = 'someone';

export interface Task {
  id: string;
  name: string;
  actId: string;
  input: Record<string, unknown>;
}

export interface Schedule {
  id: string;
  name: string;
  cronExpression: string;
  timezone: string;
  isEnabled: boolean;
  isExclusive: boolean;
  actions: Record<string, unknown>[];
}

export interface Account {
  runs: Run[];
  tasks: Task[];
  schedules: Schedule[];
  run(options: RunOptions): Promise<Run>;
}

/** Runs, Actors, tasks and schedules. */
export async function accountApi(account: Account, request: ApiRequest, response: ServerResponse): Promise<void> {
  const { method, path, query } = request;
  const [, resource = '', id = '', action = ''] = path.split('/');
  const answer = (data: unknown, status = 200): void => json(response, status, { data });
  switch (resource) {
    case 'actor-runs':
      return runApi(findRun(account, id), action, request, response);
    case 'logs':
      return follow(findRun(account, id), response);
    case 'actors':
    case 'acts': {
      if (![ACTOR_ID, `${USER_NAME}~website-to-notion`].includes(id)) throw notFound('The Actor');
      if (action === '') return answer({ id: ACTOR_ID, name: 'website-to-notion', username: USER_NAME });
      const input = parse(request);
      if (input.maxCrawlPages === 0)
        throw new ApiError(400, 'invalid-input', 'Input is not valid: Field input.maxCrawlPages must be >= 1');
      return answer((await account.run({ input, origin: 'API', ...startOptions(query) })).describe(), 201);
    }
    case 'actor-tasks': {
      const task = account.tasks.find((one) => one.id === id || `${USER_NAME}~${one.name}` === id);
      if (task === undefined) throw notFound('The task');
      if (action === '') return answer(task);
      const input = { ...task.input, ...(request.body === '' ? {} : parse(request)) };
      return answer((await account.run({ input, origin: 'API', ...startOptions(query) })).describe(), 201);
    }
    case 'users':
      if (id !== USER_ID) throw notFound('The user');
      return answer({ id, username: USER_NAME });
    case 'schedules': {
      if (id === '' && method === 'GET') {
        const { schedules: items } = account;
        return answer({ items, total: items.length, count: items.length, offset: 0, limit: 1000, desc: false });
      }
      if (id === '') {
        const made = { id: newId(), isEnabled: false, ...parse(request) } as unknown as Schedule;
        account.schedules.push(made);
        return answer(made, 201);
      }
      const schedule = account.schedules.find((one) => one.id === id);
      if (schedule === undefined) throw notFound('The schedule');
      if (method === 'PUT') Object.assign(schedule, parse(request));
      return answer(schedule);
    }
  }
  throw notFound(`${method} ${path}`);
}

function runApi(run: Run, action: string, request: ApiRequest, response: ServerResponse): void | Promise<void> {
  const answer = (): void => json(response, 200, { data: run.describe() });
  switch (action) {
    case '':
      if (request.method === 'PUT') {
        const { statusMessage, isStatusMessageTerminal } = parse(request);
        run.messages.push({ text: String(statusMessage), terminal: isStatusMessageTerminal === true });
      }
      return answer();
    case 'log':
      return follow(run, response);
    case 'charge': {
      const { eventName, count } = parse(request) as { eventName: string; count: number };
      if (run.options.prices?.[eventName] === undefined)
        throw new ApiError(400, 'invalid-parameter', `Event "${eventName}" is not defined`);
      run.charged[eventName] = (run.charged[eventName] ?? 0) + count;
      return json(response, 201, { data: {} });
    }
    case 'reboot':
      answer();
      return run.reboot();
    case 'abort':
      return run.abort(['true', '1'].includes(request.query.get('gracefully') ?? '')).then(answer);
    case 'resurrect':
      if (run.status === 'RUNNING') throw new ApiError(400, 'run-not-finished', 'The run is still going');
      return run.start().then(answer);
  }
  throw notFound('This part of a run');
}

/** The log so far, and what is added to it while the run goes on. */
async function follow(run: Run, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
  let sent = 0;
  const send = (): void => {
    response.write(run.log.slice(sent));
    sent = run.log.length;
  };
  const timer = setInterval(send, 50);
  await Promise.race([run.finished(), new Promise((resolve) => response.once('close', resolve))]);
  clearInterval(timer);
  send();
  response.end();
}

function findRun(account: Account, id: string): Run {
  const run = account.runs.find((one) => one.id === id);
  if (run === undefined) throw notFound('The run');
  return run;
}

function startOptions(query: URLSearchParams): Partial<RunOptions> {
  const timeout = query.get('timeout');
  const limit = query.get('maxTotalChargeUsd');
  return {
    ...(timeout !== null && { timeoutSecs: Number(timeout) }),
    ...(limit !== null && { maxTotalChargeUsd: Number(limit) }),
  };
}

function parse(request: ApiRequest): Record<string, unknown> {
  return JSON.parse(request.body) as Record<string, unknown>;
}
