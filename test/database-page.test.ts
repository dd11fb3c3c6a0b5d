import { describe, expect, it } from 'vitest';
import { databasePage } from '../src/database-page.js';

describe('the page that leads to the database', () => {
  it('leads there', () => {
    expect(databasePage('https://www.notion.so/0123?v=4&x=5')).toContain(
      'href="https://www.notion.so/0123?v=4&#38;x=5"',
    );
  });

  it('runs nothing, whatever the address says', () => {
    expect(databasePage('javascript:alert(1)')).not.toContain('javascript:');
    expect(databasePage('https://a.example/"><script>')).not.toContain('<script>');
  });
});
