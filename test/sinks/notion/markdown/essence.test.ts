import { expect, it } from 'vitest';
import { essence } from '../../../../src/sinks/notion/markdown/essence.js';
import { toNotionMarkdown } from '../../../../src/sinks/notion/markdown/serialize.js';
import { parseEnhancedMarkdown } from '../../../../sandbox/notion/markdown/parse.js';
import { printEnhancedMarkdown } from '../../../../sandbox/notion/markdown/print.js';

const PAGE = String.raw`
Costs $5 and $6, **bold *and italic* words**, ~~gone **now**~~, \`a*b\` and \`\`x\`y\`\`; a [link **bold**](https://a.example) end!
1\. not a list, # neither, <div>raw</div> {x} a|b \[c\] 😀 :smile: 12:30:45

3. three
4. four
   - deeper

- [ ] open
- [x] done

> quote
> more

> [!NOTE]
> Take care.

| a | b |
| - | - |
| \`1\` | **2**<br>3 |

\`\`\`js
const a = "<b>" // \`x\` *y*

  b();
\`\`\`

<details><summary>More</summary>

Inside.

</details>

![alt *x*](https://site.example/a(1).png)

Hard  
break[^1]

[^1]: Note.
`.replaceAll('\\`', '`');

it('is the same for a body as it was sent and as it is read', () => {
  const sent = toNotionMarkdown(PAGE, { title: null });
  const read = printEnhancedMarkdown(parseEnhancedMarkdown(sent));
  expect(read).not.toBe(sent);
  expect(essence(read)).toBe(essence(sent));
});

it.each([
  ['order of marks', '**[a](https://a.example/)**', '[**a**](https://a.example)'],
  ['marks in two pieces', '**a** **b**', '**a b**'],
  ['numbers of list items', '3. a\n4. b', '1. a\n1. b'],
  ['escapes, space and indentation', '\\#  a \\{b\\}\n\tc', '# a {b}\nc'],
  ['attributes that are off', '<table header-row="true">', '<table header-row="true" header-column="false">'],
  ['languages of code', '```js\na\n```', '```javascript\na\n```'],
  ['empty lines', 'a\n\n<empty-block/>\nb', 'a\nb'],
])('does not depend on: %s', (_name, a, b) => {
  expect(essence(a)).toBe(essence(b));
});

it.each([
  ['words', 'to gether', 'together'],
  ['formats', 'a b', 'a *b*'],
  ['code', 'a b', 'a `b`'],
  ['addresses', '[a](https://a.example/1)', '[a](https://a.example/2)'],
  ['images', 'a', 'a\n![](https://a.example/1)'],
  ['paragraphs', 'a\nb', 'a b'],
  ['tags', 'a', 'a <mention-date start="2026-01-01"/>'],
])('tells apart: %s', (_name, a, b) => {
  expect(essence(a)).not.toBe(essence(b));
});
