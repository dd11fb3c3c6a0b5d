import { notFound } from '../errors.js';
import { paginate, pageQuery, validId } from './request.js';
import type { ApiRequest, Route } from './request.js';
import { showBot, showPerson } from './responses.js';

/** https://developers.notion.com/reference/get-self and its neighbours. */
export const userRoutes: Route[] = [
  { method: 'GET', pattern: /^users\/me$/, capability: null, handle: ({ world, bot }) => showBot(world, bot) },
  { method: 'GET', pattern: /^users$/, capability: 'read_user', handle: listUsers },
  { method: 'GET', pattern: /^users\/([^/]+)$/, capability: 'read_user', handle: getUser },
];

function listUsers({ world, bot, query }: ApiRequest): object {
  const people = [...world.users.values()].filter((user) => user.workspaceId === bot.workspaceId);
  const { items, ...rest } = paginate(people, pageQuery(query));
  return { object: 'list', type: 'user', user: {}, results: items.map(showPerson), ...rest };
}

function getUser({ world, bot, id }: ApiRequest): object {
  const user = world.users.get(validId(id));
  if (user !== undefined && user.workspaceId === bot.workspaceId) return showPerson(user);
  if (validId(id) === bot.id) return showBot(world, bot);
  throw notFound('user', id);
}
