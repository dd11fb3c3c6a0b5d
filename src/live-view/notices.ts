import type { ConsentFinish, ConsentStart } from '../consent.js';
import type { Notice } from './pages/notice.js';

const AGAIN = { label: 'Connect again', href: '/connect/notion' };
const BACK = { label: 'Back to the run', href: '/' };

/** The screen for each way in which a browser can come back from consent (design §4). */
export function finishNotice(finish: ConsentFinish): Notice {
  switch (finish.kind) {
    case 'verified':
      return {
        status: 200,
        tab: 'Authorized',
        icon: 'done',
        headline: 'Authorized — returning to task',
        text: 'Notion is connected to this run. The run’s page opens by itself; you can also close this tab.',
        action: { ...BACK, forward: true },
      };
    case 'cancelled':
      return {
        status: 200,
        tab: 'Cancelled',
        icon: 'attention',
        headline: 'You stopped at Notion',
        text: 'Nothing was connected and nothing was changed. The run goes on collecting; you can still connect.',
        action: AGAIN,
      };
    case 'expired':
      return {
        status: 410,
        tab: 'Too old',
        icon: 'attention',
        headline: 'That link was too old',
        text: 'Links to Notion are good for a short time and for one use. Connect again to get a fresh one.',
        action: AGAIN,
      };
    case 'other-browser':
      return {
        status: 403,
        tab: 'Other browser',
        icon: 'attention',
        headline: 'This is not the browser that started',
        text: 'So that nobody can connect an account for somebody else, consent has to end in the browser where it began. Nothing was changed.',
        action: AGAIN,
      };
    case 'mismatch':
      return {
        status: 403,
        tab: 'Other account',
        icon: 'attention',
        headline: 'That authorization belongs to another account',
        text: 'It was made for another run’s user, so it was not used and nothing was changed here. Connect again from this run’s page.',
        action: AGAIN,
      };
    case 'bogus':
      return {
        status: 400,
        tab: 'Not an answer',
        icon: 'attention',
        headline: 'This address is not an answer from Notion',
        text: 'Nothing was changed. If you meant to connect Notion, do it from the run’s page.',
        action: BACK,
      };
    case 'unavailable':
      return unavailable(finish.message);
  }
}

/** The screen for a click on "Continue to Notion" that could not lead there. */
export function startNotice(start: Exclude<ConsentStart, { kind: 'redirect' }>): Notice {
  switch (start.kind) {
    case 'already-connected':
      return ALREADY_CONNECTED;
    case 'not-offered':
      return NOT_OFFERED;
    case 'unavailable':
      return unavailable(start.message);
  }
}

function unavailable(message: string): Notice {
  return {
    status: 503,
    tab: 'Not now',
    icon: 'problem',
    headline: 'Notion cannot be connected right now',
    text: message,
    action: { ...AGAIN, label: 'Try again' },
  };
}

export const ALREADY_CONNECTED: Notice = {
  status: 409,
  tab: 'Connected',
  icon: 'done',
  headline: 'Notion is connected already',
  text: 'Nothing on this page can change that. To connect another workspace, start a run with the input field reconnectNotion.',
  action: BACK,
};

export const NOT_OFFERED: Notice = {
  status: 409,
  tab: 'Nothing to connect',
  icon: 'attention',
  headline: 'This run does not ask for a connection',
  text: 'Either it does not need one now, or it is over. The run’s page says how it stands.',
  action: BACK,
};

export const NOT_ME: Notice = {
  status: 200,
  tab: 'Nothing changed',
  icon: 'done',
  headline: 'Nothing was changed',
  text: 'Your Notion workspace was not connected to anything. Close this page, and do not use the address that led you here.',
  action: null,
};

export const OTHER_ORIGIN: Notice = {
  status: 403,
  tab: 'Refused',
  icon: 'problem',
  headline: 'That click did not come from this page',
  text: 'Nothing was changed. If you meant to connect Notion, do it from the run’s page.',
  action: BACK,
};

export const NOT_FOUND: Notice = {
  status: 404,
  tab: 'Not found',
  icon: 'attention',
  headline: 'There is no such page',
  text: 'This run has one page to look at.',
  action: BACK,
};

export const WRONG_METHOD: Notice = { ...NOT_FOUND, status: 405, tab: 'Refused', headline: 'That does not work here' };

export const WRONG_HOST: Notice = {
  ...NOT_FOUND,
  status: 421,
  tab: 'Refused',
  headline: 'This page has another address',
  text: 'Open it by the address that the run printed.',
  action: null,
};

export const TOO_LARGE: Notice = {
  ...NOT_FOUND,
  status: 413,
  tab: 'Refused',
  headline: 'That is more than this page takes',
  text: 'Nothing was changed.',
};

export const BROKEN: Notice = {
  status: 500,
  tab: 'Error',
  icon: 'problem',
  headline: 'This page could not be made',
  text: 'The run itself is not affected. Load the page again in a moment.',
  action: BACK,
};

export const TOO_MANY_STREAMS: Notice = {
  ...BROKEN,
  status: 503,
  headline: 'Too many people are watching this run',
  text: 'The page itself still works; load it again to see how the run stands.',
};
