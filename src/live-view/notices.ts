import { CONNECTOR_LABELS, type ConsentFinish, type ConsentStart } from '../consent.js';
import type { RunSnapshot } from '../progress.js';
import type { Notice } from './pages/notice.js';

/** Whose consent a screen is about. */
export interface Subject {
  /** The product, as a person knows it. */
  label: string;
  connectPath: string;
  /** True on the operator's own computer, where no run stands behind the page. */
  shared: boolean;
}

export function subjectOf({ run, connect }: RunSnapshot): Subject {
  const { connector } = connect;
  return {
    label: CONNECTOR_LABELS[connector],
    connectPath: `/connect/${connector}`,
    shared: run.sharedAccount !== undefined,
  };
}

const BACK = { label: 'Back to the run', href: '/' };

const again = ({ connectPath }: Subject) => ({ label: 'Connect again', href: connectPath });
const back = ({ shared }: Subject) => (shared ? { label: 'Back to the first page', href: '/' } : BACK);

/** The screen for each way in which a browser can come back from consent (design §4). */
export function finishNotice(finish: ConsentFinish, subject: Subject): Notice {
  const { label, shared } = subject;
  switch (finish.kind) {
    case 'verified':
      return {
        status: 200,
        tab: 'Authorized',
        icon: 'done',
        headline: 'Authorized — returning to task',
        text: shared
          ? `${label} is connected for every run. You can close this tab.`
          : `${label} is connected to this run. The run’s page opens by itself; you can also close this tab.`,
        action: { ...back(subject), forward: true },
      };
    case 'already-connected':
      return { ...alreadyConnected(subject), headline: `${label} was connected already`, text: unused(subject) };
    case 'cancelled':
      return {
        status: 200,
        tab: 'Cancelled',
        icon: 'attention',
        headline: `You stopped at ${label}`,
        text: shared
          ? 'Nothing was connected and nothing was changed. You can still connect.'
          : 'Nothing was connected and nothing was changed. The run goes on collecting; you can still connect.',
        action: again(subject),
      };
    case 'expired':
      return {
        status: 410,
        tab: 'Too old',
        icon: 'attention',
        headline: 'That link was too old',
        text: `Links to ${label} are good for a short time and for one use. Connect again to get a fresh one.`,
        action: again(subject),
      };
    case 'other-browser':
      return {
        status: 403,
        tab: 'Other browser',
        icon: 'attention',
        headline: 'This is not the browser that started',
        text: 'So that nobody can connect an account for somebody else, consent has to end in the browser where it began. Nothing was changed.',
        action: again(subject),
      };
    case 'mismatch':
      return {
        status: 403,
        tab: 'Other account',
        icon: 'attention',
        headline: 'That authorization belongs to another account',
        text: 'It was made for another run’s user, so it was not used and nothing was changed here. Connect again from this run’s page.',
        action: again(subject),
      };
    case 'bogus':
      return {
        status: 400,
        tab: 'Not an answer',
        icon: 'attention',
        headline: `This address is not an answer from ${label}`,
        text: `Nothing was changed. If you meant to connect ${label}, do it from the ${shared ? 'first' : 'run’s'} page.`,
        action: back(subject),
      };
    case 'unavailable':
      // The same address once more: what was allowed is still good, so nobody has to go through consent again.
      return unavailable(finish.message, subject, '');
  }
}

/** The screen for a click on "Continue" that could not lead to consent. */
export function startNotice(start: Exclude<ConsentStart, { kind: 'redirect' }>, subject: Subject): Notice {
  switch (start.kind) {
    case 'already-connected':
      return alreadyConnected(subject);
    case 'not-offered':
      return notOffered(subject);
    case 'unavailable':
      return unavailable(start.message, subject, subject.connectPath);
  }
}

function unavailable(message: string, subject: Subject, href: string): Notice {
  return {
    status: 503,
    tab: 'Not now',
    icon: 'problem',
    headline: `${subject.label} cannot be connected right now`,
    text: message,
    action: { label: 'Try again', href },
  };
}

export function alreadyConnected(subject: Subject): Notice {
  return {
    status: 409,
    tab: 'Connected',
    icon: 'done',
    headline: `${subject.label} is connected already`,
    text: subject.shared
      ? 'Nothing on this page can change that. To connect another account, end this one first with npm run accounts.'
      : 'Nothing on this page can change that. To connect another workspace, start a run with the input field reconnectNotion.',
    action: back(subject),
  };
}

function unused({ label, shared }: Subject): string {
  return shared
    ? `What you just allowed at ${label} was not used: the account was connected before you came back.`
    : `What you just allowed at ${label} was not used: the run’s page says what it writes to. To connect another workspace, start a run with the input field reconnectNotion.`;
}

export function notOffered(subject: Subject): Notice {
  return {
    status: 409,
    tab: 'Nothing to connect',
    icon: 'attention',
    headline: subject.shared ? 'Nothing is asked for now' : 'This run does not ask for a connection',
    text: `Either it does not need one now, or it is over. The ${subject.shared ? 'first' : 'run’s'} page says how it stands.`,
    action: back(subject),
  };
}

export function notMe({ label }: Subject): Notice {
  return {
    status: 200,
    tab: 'Nothing changed',
    icon: 'done',
    headline: 'Nothing was changed',
    text: `Your ${label === 'Notion' ? 'Notion workspace' : `${label} account`} was not connected to anything. Close this page, and do not use the address that led you here.`,
    action: null,
  };
}

/** @param seconds until the next try is taken */
export function tooManyTries(seconds: number, subject: Subject): Notice {
  return {
    status: 429,
    tab: 'Too many tries',
    icon: 'attention',
    headline: 'That was too many tries in a short time',
    text: `Nothing was changed. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    action: again(subject),
  };
}

export const OTHER_ORIGIN: Notice = {
  status: 403,
  tab: 'Refused',
  icon: 'problem',
  headline: 'That click did not come from this page',
  text: 'Nothing was changed. If you meant to connect, do it from the run’s page.',
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
