/** Services that count visits, record sessions, sell space or chat: none of them writes what a page says. With their subdomains. */
export const TRACKERS = [
  'google-analytics.com',
  'googletagmanager.com',
  'googletagservices.com',
  'googlesyndication.com',
  'googleadservices.com',
  'doubleclick.net',
  'adservice.google.com',
  'connect.facebook.net',
  'bat.bing.com',
  'clarity.ms',
  'static.ads-twitter.com',
  'analytics.twitter.com',
  'analytics.tiktok.com',
  'px.ads.linkedin.com',
  'snap.licdn.com',
  'ct.pinterest.com',
  'static.hotjar.com',
  'script.hotjar.com',
  'fullstory.com',
  'mouseflow.com',
  'cdn.segment.com',
  'api.segment.io',
  'cdn.amplitude.com',
  'api.amplitude.com',
  'cdn.mxpnl.com',
  'api-js.mixpanel.com',
  'heapanalytics.com',
  'cdn.matomo.cloud',
  'mc.yandex.ru',
  'hm.baidu.com',
  'static.cloudflareinsights.com',
  'js-agent.newrelic.com',
  'bam.nr-data.net',
  'browser.sentry-cdn.com',
  'scorecardresearch.com',
  'quantserve.com',
  'chartbeat.com',
  'criteo.com',
  'criteo.net',
  'taboola.com',
  'outbrain.com',
  'amazon-adsystem.com',
  'adnxs.com',
  'widget.intercom.io',
  'js.hs-analytics.net',
  'js.hs-scripts.com',
] as const;

/** Tells the hosts of such services, but for those that the crawl itself reads. */
export class Trackers {
  readonly #own = new Set<string | undefined>();

  /** @param wanted URLs and globs of the crawl, whose hosts count visits for nobody */
  constructor(wanted: string[]) {
    for (const url of wanted) this.admit(/^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(url)?.[1]?.toLowerCase() ?? '');
  }

  /** The crawl goes to this host. */
  admit(hostname: string): void {
    this.#own.add(serviceOf(hostname));
  }

  has(hostname: string): boolean {
    const service = serviceOf(hostname);
    return service !== undefined && !this.#own.has(service);
  }
}

function serviceOf(hostname: string): string | undefined {
  return TRACKERS.find((host) => hostname === host || hostname.endsWith(`.${host}`));
}
