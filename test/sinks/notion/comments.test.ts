import { beforeEach, describe, expect, it } from 'vitest';
import { notionForEachTest, rowsOf, syncWith } from './each-test.js';
import { page, pages } from './harness.js';

const at = notionForEachTest();

const run = syncWith(at);
const rowId = () => rowsOf(at, '1')[0]!.id;
const comments = () => at.notion.world.commentsOf(rowId());
const described = page('1', { metadata: { ...page('1').metadata, description: 'Other.' } });
const reworded = page('1', { markdown: 'New words.' });

describe('what a person says', () => {
  beforeEach(async () => {
    await run(pages(4));
    at.notion.world.commentAsPerson(rowId(), { text: 'About the page' });
    at.notion.world.commentAsPerson(rowId(), { text: 'About the words', passage: 'Words of 1' });
  });

  it('about a page stays through whatever a sync does with the page', async () => {
    const others = pages(4).slice(1);
    expect((await run([described, ...others])).report.updated).toBe(1);
    expect((await run([reworded, ...others])).report.updated).toBe(1);
    expect((await run(others, { input: { onRemoved: 'mark' } })).report.removed).toBe(1);
    expect((await run([page('1'), ...others])).report.restored).toBe(1);
    expect((await run(others, { input: { onRemoved: 'trash' } })).report.removed).toBe(1);
    expect((await run([reworded, ...others])).report.restored).toBe(1);
    at.notion.world.editAsPerson(rowId(), { markdown: 'Mine.' });
    expect((await run([page('1'), ...others])).report.kept).toBe(1);
    expect((await run([page('1'), ...others], { input: { onUserEdit: 'overwrite' } })).report.updated).toBe(1);
    expect(comments()).toEqual(['About the page']);
  });

  it('about a passage stays while the text of the page does', async () => {
    const others = pages(4).slice(1);
    expect((await run([page('1'), ...others])).report.unchanged).toBe(4);
    expect((await run([described, ...others])).report.updated).toBe(1);
    expect((await run(others, { input: { onRemoved: 'mark' } })).report.removed).toBe(1);
    expect((await run([described, ...others])).report.restored).toBe(1);
    expect((await run(others, { input: { onRemoved: 'trash' } })).report.removed).toBe(1);
    expect((await run([described, ...others])).report.restored).toBe(1);
    expect(comments()).toEqual(['About the page', 'About the words']);
    // Notion ties it to the text, which a new text of the website takes the place of: the READMEs say so.
    expect((await run([reworded, ...others])).report.updated).toBe(1);
    expect(comments()).toEqual(['About the page']);
  });

  it('about a passage stays for good where the Status says that the text is kept', async () => {
    at.notion.world.editAsPerson(rowId(), { properties: { Status: { select: { name: 'Edited in Notion' } } } });
    expect((await run([reworded, ...pages(4).slice(1)])).report).toMatchObject({ kept: 1, updated: 0 });
    expect(comments()).toEqual(['About the page', 'About the words']);
  });
});
