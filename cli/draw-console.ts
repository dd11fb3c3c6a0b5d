import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { browserArguments } from '../src/collect/browser.js';
import { DRAWN_FROM, fingerprints, picturePages, PICTURES } from './draw/pictures.js';
import { ensureBrowser } from './ensure-browser.js';

/**
 * `npx tsx cli/draw-console.ts`: the pictures of the input form and the output tab in the README, drawn from the files
 * in `.actor/`. They show what the schemas say, not the Console's own looks. A test says when they are due.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = path.join(root, PICTURES);
const pages = picturePages(root);

const browser = await chromium.launch({
  executablePath: await ensureBrowser(),
  args: browserArguments({ isAtHome: false, blockMedia: false }),
});
try {
  await mkdir(folder, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 880, height: 600 } });
  for (const [name, html] of Object.entries(pages)) {
    await page.setContent(html);
    await writeFile(path.join(folder, name), await page.screenshot({ fullPage: true }));
    console.log(`Drawn: ${PICTURES}/${name}`);
  }
  await writeFile(path.join(folder, DRAWN_FROM), `${JSON.stringify(fingerprints(pages), null, 2)}\n`);
} finally {
  await browser.close();
}
