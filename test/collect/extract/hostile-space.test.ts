import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import { linkedPage } from '../../../src/collect/extract/linked-data.js';
import { headingText } from '../../../src/collect/extract/page-heading.js';
import { rawValue } from '../../../src/collect/extract/record-raw.js';

const SPACES = ' '.repeat(400_000);

/** What takes minutes where time grows with the square of the spaces in a row, and moments where it does not. */
it('spaces in any number hold up no page', { timeout: 60_000 }, () => {
  const { document } = parseHTML(
    `<script type="application/ld+json">{"@type":"Article",${SPACES}"headline":"A"}${SPACES};</script>` +
      `<h1>Title${SPACES}b #</h1><p style="${'background:'.repeat(40_000)}x">y</p>`,
  );
  const script = document.querySelector('script')!;
  const { subjects } = linkedPage([script], [], 'https://a.example/');
  expect(subjects).toMatchObject([{ headline: 'A' }]);
  expect(headingText(document.querySelector('h1') as unknown as Element)).toBe(`Title${SPACES}b`);
  const image = { type: 'image', attribute: null } as never;
  expect(rawValue(document.querySelector('p') as unknown as Element, image, 'https://a.example/')).toMatchObject({
    text: 'y',
  });
});
