import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { browserArguments } from '../src/collect/browser.js';
import { inputForm, outputTab, type FormField, type OutputLink, type TableView } from './draw/console-pages.js';
import { readDefinition } from './definition/read.js';
import { ensureBrowser } from './ensure-browser.js';

/**
 * `tsx cli/draw-console.ts`: the pictures of the input form and the output tab in the README, drawn from the files in
 * `.actor/`. They show what the schemas say, not the Console's own looks.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = path.join(ROOT, 'docs/images');

const { input, output } = readDefinition(ROOT);
const dataset = JSON.parse(readFileSync(path.join(ROOT, '.actor/dataset_schema.json'), 'utf8')) as {
  views: Record<string, TableView>;
};
const pages = {
  'input-form.png': inputForm(input as unknown as { description: string; properties: Record<string, FormField> }),
  'output-tab.png': outputTab(output.properties as unknown as Record<string, OutputLink>, dataset.views),
};

const browser = await chromium.launch({
  executablePath: await ensureBrowser(),
  args: browserArguments({ isAtHome: false, blockMedia: false }),
});
try {
  await mkdir(FOLDER, { recursive: true });
  const page = await browser.newPage({ viewport: { width: 880, height: 600 } });
  for (const [name, html] of Object.entries(pages)) {
    await page.setContent(html);
    await writeFile(path.join(FOLDER, name), await page.screenshot({ fullPage: true }));
    console.log(`Drawn: docs/images/${name}`);
  }
} finally {
  await browser.close();
}
