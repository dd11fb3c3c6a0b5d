/**
 * The record NOTION_DATABASE: a page that leads to the run's database, for the Output tab, whose links can only lead to
 * records of the run.
 * @param url address of the database, as Notion gave it
 */
export function databasePage(url: string): string {
  const safe = /^https?:\/\//.test(url) ? url.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`) : '';
  return (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="referrer" content="no-referrer">' +
    `<meta http-equiv="refresh" content="0;url=${safe}"><title>Your pages in Notion</title>` +
    `<p><a href="${safe}" target="_blank" rel="noopener noreferrer">Open your pages in Notion</a></p></html>`
  );
}
