import { createSocket, type Socket } from 'node:dgram';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRecordItem } from '../../src/collect/item.js';
import { removeFolder, runCollect, type Collected } from './run-collect.js';
import { page, TestSite, type Route } from './site.js';

/** One crawl with one browser; each test looks at one of its pages. */
let site: TestSite;
let run: Collected;
/** Where nothing may arrive. */
let outside: Socket;
let packets = 0;

const script = (body: string): string => `<script>${body}</script>`;
const inMain = (title: string, html: string): Route => page(title).replace('</main>', `${html}</main>`);
const bytes = (type: string): Route => ({ headers: { 'content-type': type }, body: 'x' });

/** As the usual consent managers write their boxes, in short; what refuses has the id or class `no`. */
const BANNERS: Record<string, string> = {
  onetrust: `<div id="onetrust-consent-sdk"><div id="onetrust-banner-sdk" role="region" aria-label="Cookie banner">
    <p>We use cookies.</p><a href="/policy">More information</a><button id="onetrust-pc-btn-handler">Settings</button>
    <button id="onetrust-reject-all-handler" class="no">Only what is needed</button>
    <button id="onetrust-accept-btn-handler" class="yes">Accept All Cookies</button></div></div>`,
  cookiebot: `<div id="CybotCookiebotDialog" role="dialog"><p>This website uses cookies</p><a href="/policy">Show details</a>
    <button id="CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll" class="yes">Alle zulassen</button>
    <button id="CybotCookiebotDialogBodyButtonDecline" class="no">Auswahl verweigern</button></div>`,
  borlabs: `<div id="BorlabsCookieBox"><form action="/policy"><p>Datenschutzeinstellungen</p>
    <a href="#" role="button" class="_brlbs-btn-accept-all yes">Alle akzeptieren</a>
    <button class="_brlbs-btn no">Nur essenzielle Cookies akzeptieren</button></form></div>`,
  cookieyes: `<div class="cky-consent-container"><div class="cky-notice"><p>We value your privacy</p>
    <button class="cky-btn cky-btn-customize">Customize</button><button class="cky-btn cky-btn-reject no">Reject All</button>
    <button class="cky-btn cky-btn-accept yes">Accept All</button></div></div>`,
  didomi: `<div id="didomi-host"><div id="didomi-popup" role="dialog"><p>Our partners and we</p>
    <a href="/policy">Continue without agreeing? Read our policy</a>
    <span class="didomi-continue-without-agreeing no" role="button" tabindex="0">Continue without agreeing →</span>
    <button id="didomi-notice-agree-button" class="yes">Agree and close</button></div></div>`,
};

const bannerPage = (box: string): Route =>
  inMain(
    'Banner',
    `<div id="story"></div>${box}${script(`
      for (const answer of ['yes', 'no']) document.querySelector('.' + answer).addEventListener('click', () => {
        for (const box of document.querySelectorAll('main > div:not(#story)')) box.remove();
        document.getElementById('story').textContent = 'The story, told after the answer ' + answer + '.';
      });`)}`,
  );

/** A list of which only the rows in sight exist. */
const VIRTUAL = `<div id="rows" style="height: 6000px; position: relative"></div>`;
const showRows = (scroller: string, top: string): string =>
  script(`
    const rows = document.getElementById('rows');
    const show = () => {
      const from = Math.floor(${top} / 100);
      rows.innerHTML = '';
      for (let row = from; row < Math.min(from + 10, 60); row += 1)
        rows.insertAdjacentHTML('beforeend', '<div style="position: absolute; top: ' + row * 100 + 'px">Row number ' + row + '.</div>');
    };
    ${scroller}.addEventListener('scroll', show);
    show();`);

const PAGES: Record<string, Route> = {
  ...Object.fromEntries(Object.entries(BANNERS).map(([name, box]) => [`/banner/${name}`, bannerPage(box)])),
  '/banner/usercentrics': inMain(
    'Banner',
    `<div id="story"></div><div id="usercentrics-root"></div>${script(`
      const root = document.getElementById('usercentrics-root').attachShadow({ mode: 'open' });
      setTimeout(() => {
        root.innerHTML = '<p>Privacy settings</p><a href="/policy">Policy</a><button data-testid="uc-accept-all-button">Accept All</button>' +
          '<button data-testid="uc-deny-all-button">Nein</button>';
        for (const button of root.querySelectorAll('button')) button.addEventListener('click', () => {
          root.innerHTML = '';
          document.getElementById('story').textContent = 'The story, told after ' + button.dataset.testid + '.';
        });
      }, 50);`)}`,
  ),
  '/policy': page('Policy'),
  '/sections': inMain(
    'Sections',
    `${[1, 2, 3, 4, 5].map((part) => `<section><h2>Part ${part}</h2><div class="late" data-part="${part}" style="min-height: 1500px"><p>Part ${part} is on its way.</p></div></section>`).join('')}${script(`
      const watcher = new IntersectionObserver((seen) => {
        for (const { isIntersecting, target } of seen) {
          if (!isIntersecting || target.dataset.done) continue;
          target.dataset.done = 'yes';
          fetch('/part?' + target.dataset.part).then((r) => r.text()).then((text) => { target.innerHTML = '<p>' + text + '</p>'; });
        }
      });
      for (const part of document.querySelectorAll('.late')) watcher.observe(part);`)}`,
  ),
  '/rows': inMain('Rows', VIRTUAL + showRows('window', 'scrollY')),
  '/rows-inside': `<!doctype html><html><head><title>Rows inside</title><style>html, body { height: 100%; margin: 0 }</style></head>
    <body><main id="pane" style="height: 100%; overflow-y: auto"><h1>Rows inside</h1>${VIRTUAL}</main>${showRows("document.getElementById('pane')", "document.getElementById('pane').scrollTop")}</body></html>`,
  '/media': inMain(
    'Media',
    `<style>@font-face { font-family: F; src: url(/font.woff2) } h1 { font-family: F; background: url(/back.png) }</style>
     <img src="/photo.jpg"><picture><source srcset="/photo.webp"><img src="/photo2.png"></picture>
     <video src="/film.mp4" autoplay muted></video><audio src="/song.mp3" autoplay></audio><video src="/clip?n=1" autoplay muted></video>
     <style>@font-face { font-family: G; src: url(/typeface) } p { font-family: G }</style>
     <p id="moved"></p><script src="/lib/jquery.movable.js"></script>`,
  ),
  '/lib/jquery.movable.js': {
    headers: { 'content-type': 'text/javascript' },
    body: 'document.getElementById("moved").textContent = "Written by a script.";',
  },
  '/trackers': inMain(
    'Trackers',
    `<ul id="asked"></ul>${script(`
      for (const host of ['www.google-analytics.com', 'google-analytics.com.invalid']) {
        const say = (words) => document.getElementById('asked').insertAdjacentHTML('beforeend', '<li>' + host + ' ' + words + '</li>');
        fetch('http://' + host + '/collect', { mode: 'no-cors' }).then(() => say('answered'), () => say('was blocked'));
      }`)}`,
  ),
  '/frames': inMain(
    'Frames',
    `<iframe src="/inner"></iframe><iframe srcdoc="<p>Words of a frame without an address.</p>"></iframe>`,
  ),
  '/inner': `<p>Words of the inner frame.</p><iframe src="/innermost"></iframe>`,
  '/innermost': '<p>Words of the innermost frame.</p>',
  '/shadow': inMain(
    'Shadow',
    `<div id="host"></div>${script(`
      const root = document.getElementById('host').attachShadow({ mode: 'open' });
      root.innerHTML = '<p>Words in a shadow.</p><div id="deep"></div>';
      root.getElementById('deep').attachShadow({ mode: 'open' }).innerHTML = '<p>Words in a deeper shadow.</p>';`)}`,
  ),
  '/dialogs': inMain(
    'Dialogs',
    `<p id="said"></p>${script(`
      alert('one'); const agreed = confirm('two'); const name = prompt('three');
      addEventListener('beforeunload', (event) => event.preventDefault());
      document.getElementById('said').textContent = 'After the dialogs: ' + agreed + ' ' + name;`)}`,
  ),
  '/popup': inMain('Popup', script(`open('/advertisement');`)),
  '/advertisement': page('Advertisement'),
  '/banner': inMain(
    'Banner',
    `<div id="story"></div>
     <div id="cookie-notice"><p>We value your privacy and use cookies.</p>
       <button id="yes">Accept all</button><button id="no">Reject all</button></div>${script(`
      for (const id of ['yes', 'no']) document.getElementById(id).addEventListener('click', () => {
        document.getElementById('cookie-notice').remove();
        document.getElementById('story').textContent = 'The story, told after the answer ' + id + '.';
      });`)}`,
  ),
  '/waiting': page('Waiting', [], '<script async src="/never.js"></script>'),
  '/never.js': () => undefined,
  '/late': inMain(
    'Late',
    `<ul id="list"></ul>${script(`
      let round = 0;
      const more = () => fetch('/part?' + round).then((r) => r.text()).then((text) => {
        document.getElementById('list').insertAdjacentHTML('beforeend', '<li>' + text + '</li>');
        if (++round < 3) setTimeout(more, 200);
      });
      more();`)}`,
  ),
  '/part': (request, response) => void setTimeout(() => response.end(`Part ${request.url?.split('?')[1]} came.`), 400),
  '/scroll': inMain(
    'Scroll',
    `<div id="feed"><p style="height: 3000px">Entry 0.</p></div><div id="end">.</div>${script(`
      let entries = 0;
      new IntersectionObserver((seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting) || entries === 3) return;
        entries += 1;
        document.getElementById('feed').insertAdjacentHTML('beforeend', '<p style="height: 3000px">Entry ' + entries + '.</p>');
      }).observe(document.getElementById('end'));`)}`,
  ),
};

function text(path: string): string {
  const item = run.byUrl(site.url(path));
  if (item === undefined || isRecordItem(item)) throw new Error(`No page item for ${path}`);
  return item.text;
}

beforeAll(async () => {
  outside = createSocket('udp4', () => (packets += 1));
  await new Promise<void>((resolve) => outside.bind(0, '127.0.0.1', resolve));
  site = await TestSite.start({
    ...PAGES,
    '/call': inMain(
      'Call',
      `<p id="waited"></p>${script(`
        const call = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${outside.address().port}' }] });
        call.createDataChannel('x');
        call.createOffer().then((offer) => call.setLocalDescription(offer));
        let round = 0;
        const wait = setInterval(() => {
          document.getElementById('waited').textContent = 'Waited ' + ++round + ' rounds.';
          if (round === 10) clearInterval(wait);
        }, 100);`)}`,
    ),
    '/typeface': bytes('font/woff2'),
    '/clip': bytes('video/mp4'),
    '/font.woff2': bytes('font/woff2'),
    '/film.mp4': bytes('video/mp4'),
    '/song.mp3': bytes('audio/mpeg'),
  });
  const paths = [
    '/media',
    '/frames',
    '/shadow',
    '/dialogs',
    '/popup',
    '/banner',
    '/late',
    '/scroll',
    '/waiting',
    '/trackers',
    '/call',
    '/sections',
    '/rows',
    '/rows-inside',
    '/banner/usercentrics',
    ...Object.keys(BANNERS).map((name) => `/banner/${name}`),
  ];
  run = await runCollect({
    startUrls: paths.map((path) => site.url(path)),
    crawlerType: 'playwright:chrome',
    maxCrawlDepth: 0,
    requestTimeoutSecs: 30,
    maxRequestRetries: 0,
  });
}, 180_000);

afterAll(async () => {
  outside.close();
  await site.close();
  removeFolder(run);
});

describe('a page in the browser', () => {
  it('asks for no images, films, sounds or fonts', () => {
    expect(text('/media')).toContain('Media');
    expect(site.paths().filter((path) => /\.(?:jpg|png|webp|woff2|mp4|mp3)$|typeface|clip/.test(path))).toEqual([]);
  });

  it('asks for scripts whose name only looks like a film', () => {
    expect(text('/media')).toContain('Written by a script.');
  });

  it('asks nothing of services that count visits', () => {
    expect(text('/trackers')).toContain('www.google-analytics.com was blocked');
    // Answered by the guarded proxy, as nobody has the name.
    expect(text('/trackers')).toContain('google-analytics.com.invalid answered');
  });

  it('calls nobody past the guarded proxy', () => {
    expect(text('/call')).toContain('Waited 10 rounds.');
    expect(packets).toBe(0);
  });

  it('has the words of its same-origin frames, at any depth', () => {
    for (const words of ['the inner frame', 'the innermost frame', 'a frame without an address']) {
      expect(text('/frames')).toContain(`Words of ${words}.`);
    }
  });

  it('has the words of its open shadow roots, at any depth', () => {
    expect(text('/shadow')).toContain('Words in a shadow.');
    expect(text('/shadow')).toContain('Words in a deeper shadow.');
  });

  it('is not held up by dialogs', () => {
    expect(text('/dialogs')).toContain('After the dialogs: false null');
  });

  it('opens no other pages', () => {
    expect(text('/popup')).toContain('Popup');
    expect(run.items.some(({ url }) => url.includes('advertisement'))).toBe(false);
  });

  it('has what a cookie banner kept back, and not the banner', () => {
    expect(text('/banner')).toContain('The story, told after the answer no.');
    expect(text('/banner')).not.toContain('We value your privacy');
  });

  it.each(Object.keys(BANNERS))('has its question for cookies refused, wherever that could lead: %s', (name) => {
    expect(text(`/banner/${name}`)).toContain('The story, told after the answer no.');
    expect(run.byUrl(site.url(`/banner/${name}`))?.crawl.loadedUrl).toBe(site.url(`/banner/${name}`));
  });

  it('has a late question for cookies in a shadow root refused', () => {
    expect(text('/banner/usercentrics')).toContain('The story, told after uc-deny-all-button.');
    expect(text('/banner/usercentrics')).not.toContain('Privacy settings');
    expect(site.paths()).not.toContain('/policy');
  });

  it('is scrolled screen by screen, so that each part comes into sight', () => {
    for (const part of [1, 2, 3, 4, 5]) expect(text('/sections')).toContain(`Part ${part} came.`);
    expect(text('/sections')).not.toContain('on its way');
  });

  it.each(['/rows', '/rows-inside'])('has all rows of a list that holds only those in sight: %s', (path) => {
    const rows = Array.from({ length: 60 }, (_, row) => `Row number ${row}.`);
    expect(text(path).match(/Row number \d+\./g)).toEqual(rows);
  });

  it('is waited for while it asks for more', () => {
    for (const part of [0, 1, 2]) expect(text('/late')).toContain(`Part ${part} came.`);
  });

  it('is scrolled until nothing more comes', () => {
    for (const entry of [0, 1, 2, 3]) expect(text('/scroll')).toContain(`Entry ${entry}.`);
  });

  it('is read although something that it asks for never comes', () => {
    expect(text('/waiting')).toContain('This is what the page Waiting says');
    expect(site.paths()).toContain('/never.js');
  });

  it('was read by one browser, without failures', () => {
    expect(run.report.failures).toEqual([]);
    expect(run.report).toMatchObject({ pagesLoaded: 20, browserPages: 20, pagesFailed: 0 });
  });
});
