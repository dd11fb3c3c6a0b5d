/**
 * The page's only script: it keeps current what the server rendered. It swaps the parts that changed, moves count-downs
 * on, and says so when the run is out of reach. After consent it leads back to the first page. Without it pages load
 * themselves again.
 */
export const script = `(() => {
  'use strict';
  const forward = document.querySelector('a[data-forward]');
  if (forward) setTimeout(() => location.replace(forward.href), 2000);

  const live = document.querySelector('[data-live]');
  if (!live) return;
  const lost = document.getElementById('lost');
  const ends = new WeakMap();

  function clocks() {
    for (const clock of live.querySelectorAll('[data-seconds]')) {
      if (!ends.has(clock)) ends.set(clock, Date.now() + Number(clock.dataset.seconds) * 1000);
      const left = Math.max(0, Math.ceil((ends.get(clock) - Date.now()) / 1000));
      const text = Math.floor(left / 60) + ':' + String(left % 60).padStart(2, '0');
      if (clock.textContent !== text) clock.textContent = text;
    }
  }

  function swap(region, html) {
    const fresh = document.createElement('template');
    fresh.innerHTML = html;
    // The first message repeats what the page was made with: a click or a selection in it must not be lost to that.
    if (fresh.innerHTML === region.innerHTML) return;
    const focused = region.contains(document.activeElement) ? document.activeElement.id : '';
    const open = new Map();
    for (const details of region.querySelectorAll('details[id]')) open.set(details.id, details.open);
    region.replaceChildren(fresh.content);
    for (const [id, isOpen] of open) {
      const details = document.getElementById(id);
      if (details) details.open = isOpen;
    }
    const target = focused && document.getElementById(focused);
    if (target) target.focus({ preventScroll: true });
  }

  function show(update) {
    if (document.title !== update.title) document.title = update.title;
    const icon = document.querySelector('link[rel=icon]');
    if (icon.getAttribute('href') !== update.icon) icon.setAttribute('href', update.icon);
    for (const [name, html] of Object.entries(update.regions)) {
      const region = document.getElementById('region-' + name);
      if (region) swap(region, html);
    }
    clocks();
  }

  function listen() {
    const events = new EventSource('/events');
    events.onmessage = (event) => {
      lost.hidden = true;
      const update = JSON.parse(event.data);
      show(update);
      // A moment for the icon to load; after that the run no longer waits for this page.
      if (update.over) setTimeout(() => events.close(), 700);
    };
    events.onerror = () => {
      if (live.dataset.over === 'yes') return;
      lost.hidden = false;
      if (events.readyState === EventSource.CLOSED) setTimeout(listen, 10000);
    };
  }

  clocks();
  setInterval(clocks, 1000);
  if (live.dataset.over !== 'yes') listen();
})();
`;
