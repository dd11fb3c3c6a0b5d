import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderMarkdown } from '../../src/live-view/markdown.js';
import { shortAddress, webAddress } from '../../src/live-view/text.js';

/** Without the line breaks of the templates. */
const body = (markdown: string) => renderMarkdown(markdown).body.toString().replace(/\n\s*/g, '');

/** Every tag that may come out, with the only attributes it may have. */
const TAGS = [
  '</?(p|h4|h5|h6|em|b|s|code|pre|blockquote|ol|ul|thead|tbody|tr|table)>',
  '</?(th|td|li|div|span)>',
  '<(th|td) class="(left|right|center)">',
  '<li class="task">',
  '<span class="(link|image)">',
  '<div class="wide" tabindex="0" role="group" aria-label="Table">',
  '<br />|<hr />',
];
const ALLOWED = new RegExp(TAGS.join('|'), 'g');

describe('what comes out of crawled text', () => {
  test('the shapes that Notion will show', () => {
    expect(body('## A\n\nb *c* **d** ~~e~~ `f`  \ng')).toBe(
      '<h4>A</h4><p>b <em>c</em> <b>d</b> <s>e</s> <code>f</code><br />g</p>',
    );
    expect(body('1. a\n\n> b\n\n---\n\n#### c')).toBe(
      '<ol><li><p>a</p></li></ol><blockquote><p>b</p></blockquote><hr /><h6>c</h6>',
    );
    expect(body('- [x] done\n- [ ] open')).toMatch(/class="task">☑ <p>done.*class="task">☐ <p>open/);
    expect(body('| a | b |\n| - | -: |\n| 1 | 2 |')).toMatch(/<th class="left">a<\/th>.*<td class="right">2<\/td>/s);
    expect(body('```js\n<a>\n```')).toBe('<pre><code>&lt;a&gt;</code></pre>');
  });

  test('what is in it, once each', () => {
    expect(renderMarkdown('# a\n\n## b\n\n- c\n\n```\nd\n```').contents).toEqual(['headings', 'list', 'code']);
  });

  test('no link, no image, no element of the page’s own', () => {
    expect(body('[a](javascript:x) [b](https://b.example) <https://c.example> ![d](https://d.example/p.png "t")')).toBe(
      '<p><span class="link">a</span> <span class="link">b</span> <span class="link">https://c.example</span> <span class="image">Image: d</span></p>',
    );
    expect(body('x <b onclick="y">z</b>')).toBe('<p>x &lt;b onclick=&quot;y&quot;&gt;z&lt;/b&gt;</p>');
    expect(body('[a][r] ![i][r] [^1]\n\n[r]: javascript:x\n[^1]: note')).not.toMatch(/javascript|href|src/);
  });

  test('whatever the text, nothing but our own tags', () => {
    const bits = [
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '*',
      '_',
      '[',
      '](',
      ')',
      '!',
      '|',
      '-',
      '#',
      '\n',
      '\n\n',
      '<script>',
      'onload=',
      'javascript:',
      ':---',
      '[x]',
      'a',
      ' ',
    ];
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...bits), fc.string()), { maxLength: 60 }), (parts) => {
        expect(body(parts.join('')).replace(ALLOWED, '')).not.toMatch(/[<>"]/);
      }),
    );
  });

  test.each(['> ', '- ', '*a ', '[', '**', '![', '|'])('4,000 characters of %j do no harm', (mark) => {
    const out = body(mark.repeat(Math.ceil(4000 / mark.length)));
    expect(out.match(/<(?!\/)/g)?.length ?? 0).toBeLessThan(4000);
    expect(out.replace(ALLOWED, '')).not.toMatch(/[<>"]/);
  });

  test('deep nesting ends as text that keeps its words', () => {
    const out = body(`${'> '.repeat(100)}deep`);
    expect(out.match(/<blockquote>/g)?.length).toBe(16);
    expect(out).toContain('deep');
  });
});

test.each([
  ['https://a.example/b', 'https://a.example/b', 'a.example/b'],
  ['http://a.example/', 'http://a.example/', 'a.example'],
  ['javascript:alert(1)', null, 'javascript:alert(1)'],
  ['data:text/html,x', null, 'data:text/html,x'],
  ['no address', null, 'no address'],
])('%s as a link and as words', (url, link, words) => {
  expect([webAddress(url), shortAddress(url)]).toEqual([link, words]);
});
