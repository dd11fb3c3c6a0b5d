import { describe, expect, it } from 'vitest';
import { parsePage } from '../../../src/collect/extract/document.js';
import { isRecordItem, type PageItem } from '../../../src/collect/item.js';
import { handle } from './page.js';

function pageItem(html: string): PageItem {
  const { page } = handle(html);
  if (page === null || isRecordItem(page)) throw new Error('no page item');
  return page;
}

describe('a page whose author left tags out', () => {
  it.each([
    ['only mentions <html> in a comment', '<!-- <html> --><title>Title</title><p>First.</p><p>Second.</p>'],
    ['mentions <html> in its text', '<title>Title</title><p>First. <!-- <html lang="fr"> --></p><p>Second.</p></html>'],
    ['has no head and no body', '<!doctype html><html><title>Title</title><p>First.</p><p>Second.</p>'],
    ['has no head', '<html><title>Title</title><body><p>First.</p><p>Second.</p></body></html>'],
    ['has no body', '<html><head><title>Title</title></head><p>First.</p><p>Second.</p></html>'],
    ['never ends its head', '<html><head><title>Title</title><p>First.</p><p>Second.</p></html>'],
    [
      'has a script between them',
      '<html><head><title>Title</title></head><script>0</script><body><p>First.</p><p>Second.</p>',
    ],
    [
      'starts before <html>',
      '<meta charset="utf-8"><html lang="de"><title>Title</title><body><p>First.</p><p>Second.</p>',
    ],
    ['goes on after its end', '<html><head><title>Title</title></head><body><p>First.</p></body></html><p>Second.</p>'],
  ])('that %s is read whole', (_, html) => {
    const { metadata, markdown } = pageItem(html);
    expect(metadata.title).toBe('Title');
    expect(markdown.trim()).toBe('First.\n\nSecond.');
  });

  it('keeps what its tags say', () => {
    const { document } = parsePage(
      '<meta name="a"><html lang="de"><body class="book"><p>x</p>',
      'https://example.com/',
    );
    expect(document.documentElement.getAttribute('lang')).toBe('de');
    expect(document.body.className).toBe('book');
    expect(document.head.innerHTML).toBe('<meta name="a">');
  });
});

describe('a page of frames', () => {
  it('gives the text for readers without frames and the links of both', () => {
    const html = `<html><head><title>Manual</title></head><frameset cols="20%,80%"><frame src="toc.html">
      <frame name="main" src="intro.html"><noframes><body><p>Read the <a href="text.html">text version</a>.</p></body></noframes>
      </frameset></html>`;
    expect(handle(html).links.follow).toEqual(
      ['toc', 'intro', 'text'].map((name) => `https://example.com/docs/${name}.html`),
    );
    expect(pageItem(html).text).toBe('Read the text version.');
  });
});

describe('a refresh', () => {
  const refresh = '<meta http-equiv="refresh" content="0; url=/other">';

  it('for readers without scripts is no redirect', () => {
    const html = `<html><head><noscript>${refresh}</noscript></head><body><p>The page itself.</p></body></html>`;
    expect(handle(html).links.refresh).toBeNull();
    expect(pageItem(html).text).toBe('The page itself.');
    expect(handle(`<html><head>${refresh}</head><body></body></html>`).links.refresh).toBe('https://example.com/other');
  });
});
