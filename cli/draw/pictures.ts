import { createHash } from 'node:crypto';
import { readDefinition } from '../definition/read.js';
import { inputForm, outputTab, type FormField, type OutputLink, type TableView } from './console-pages.js';

/** The folder of the pictures, below the root. */
export const PICTURES = 'docs/images';
/** A file in it that says what each picture was drawn from: pixels differ from machine to machine. */
export const DRAWN_FROM = 'drawn-from.json';

/** File name → the page that the picture shows, made from the files in `.actor/` below `root`. */
export function picturePages(root: string): Record<string, string> {
  const { input, output, datasets } = readDefinition(root);
  return {
    'input-form.png': inputForm(input as unknown as { description: string; properties: Record<string, FormField> }),
    'output-tab.png': outputTab(
      output.properties as unknown as Record<string, OutputLink>,
      datasets.default?.views as unknown as Record<string, TableView>,
    ),
  };
}

/** File name → fingerprint of its page. */
export function fingerprints(pages: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(pages).map(([name, html]) => [name, createHash('sha256').update(html).digest('hex').slice(0, 16)]),
  );
}
