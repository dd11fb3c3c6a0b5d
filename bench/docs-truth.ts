import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load, type CheerioAPI } from 'cheerio';

/** A documentation site as its Debian package lays it out, and where its pages hold what they are about. */
interface DocumentationSite {
  name: string;
  /** What made the pages. */
  generator: string;
  folder: string;
  /** Written down from the generator's own templates, not from what the extractor looks for. */
  container: string;
  /** Navigation and signs inside the container. */
  chrome: string;
}

const DOCS = '/usr/share/doc';

const SITES: readonly DocumentationSite[] = [
  {
    name: 'python3.11-doc',
    generator: 'Sphinx, python theme',
    folder: `${DOCS}/python3.11-doc/html`,
    container: 'div.body[role="main"]',
    chrome: '.headerlink, .viewcode-link',
  },
  {
    name: 'python-django-doc',
    generator: 'Sphinx, Django theme',
    folder: `${DOCS}/python-django-doc/html`,
    container: '#bd > #yui-main > .yui-b',
    chrome: '.headerlink, .viewcode-link',
  },
  {
    name: 'mkdocs-doc',
    generator: 'MkDocs',
    folder: `${DOCS}/mkdocs/html`,
    container: '.col-md-9[role="main"]',
    chrome: '.headerlink',
  },
  {
    name: 'postgresql-doc-15',
    generator: 'DocBook XSL',
    folder: `${DOCS}/postgresql-doc-15/html`,
    container: 'body',
    chrome: '.navheader, .navfooter, .id_link',
  },
  {
    name: 'nodejs-doc',
    generator: 'Node.js tool/doc',
    folder: `${DOCS}/nodejs/api`,
    container: '#apicontent',
    chrome: '.mark, .srclink, .copy-button',
  },
  {
    name: 'apache2-doc',
    generator: 'Apache XSL',
    folder: `${DOCS}/apache2-doc/manual/en`,
    container: '#page-content',
    chrome: '.toplang, .bottomlang, #quickview, .top, .permalink, #comments_section',
  },
  {
    name: 'sqlite3-doc',
    generator: 'hand-made',
    folder: `${DOCS}/sqlite3`,
    container: 'body',
    chrome: '.nosearch, .fancy_toc, .menu, .searchmenu',
  },
];

/** What no page shows as text, whoever made it. */
const NEVER =
  'script, style, noscript, template, button, svg, [hidden], [style*="display:none"], [style*="display: none"]';
const BLOCKS =
  /^(?:address|article|aside|blockquote|body|caption|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul)$/;

const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6']
  .map((name) => `${name}:not(.note > *, .tip > *, .warning > *, .caution > *, .important > *)`)
  .join(', ');

/** The truth about a page: its words, and what must be found in the Markdown. */
export interface DocumentationTruth {
  articleBody: string;
  url: string;
  generator: string;
  headings: string[];
  /** Words of each data table: of its cells, in order. */
  tables: string[];
  code: string[];
}

/**
 * Lays the documentation of the installed Debian packages out like the article-extraction-benchmark, with the headings,
 * tables and code blocks of each page. The truth is read with another parser and by each generator's known container.
 * @param perSite pages of each site, evenly picked
 */
export async function run([folder, perSite = '40']: string[]): Promise<void> {
  if (folder === undefined) throw new Error('npm run bench -- docs-truth DIR [pages per site]');
  mkdirSync(path.join(folder, 'html'), { recursive: true });
  const truth: Record<string, DocumentationTruth> = {};
  for (const site of SITES) {
    if (!existsSync(site.folder)) {
      console.log(`${site.name}: not installed (apt-get install ${site.name})`);
      continue;
    }
    const files = pagesIn(site.folder);
    const step = Math.max(1, files.length / Number(perSite));
    let count = 0;
    for (let at = 0; at < files.length; at += step) {
      const file = files[Math.floor(at)] ?? '';
      const html = readFileSync(file, 'utf8');
      const own = pageTruth(html, site, path.relative(site.folder, file));
      if (own === null) continue;
      const id = `${site.name}-${path.relative(site.folder, file).replace(/\W+/g, '-')}`;
      writeFileSync(path.join(folder, 'html', `${id}.html`), html);
      truth[id] = own;
      count += 1;
    }
    console.log(`${site.name}: ${count} of ${files.length} pages`);
  }
  writeFileSync(path.join(folder, 'ground-truth.json'), JSON.stringify(truth, null, 1));
}

function pagesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.html(?:\.en)?$/.test(name),
  );
  return names.sort().map((name) => path.join(folder, name));
}

/** `null` for a page without the container: a redirect, a frame, a search form. */
function pageTruth(html: string, site: DocumentationSite, relative: string): DocumentationTruth | null {
  const $ = load(html);
  $(NEVER).remove();
  $(site.chrome).remove();
  const root = $(site.container).first();
  const articleBody = words($, root);
  if (articleBody.trim().length < 40) return null;
  const texts = (selector: string): string[] =>
    root
      .find(selector)
      .toArray()
      .map((element) => words($, $(element)).replace(/\s+/g, ' ').trim())
      .filter((text) => text !== '');
  return {
    articleBody,
    url: `https://docs.example/${site.name}/${relative}`,
    generator: site.generator,
    // The heading of a note says its kind, which Markdown writes as the kind of an alert.
    headings: texts(HEADINGS),
    tables: dataTables($, root),
    code: texts('pre'),
  };
}

/** Tables that place things (one row or column, or with blocks of a page in them) hold no data. */
function dataTables($: CheerioAPI, root: ReturnType<CheerioAPI>): string[] {
  return root
    .find('table')
    .toArray()
    .map((element) => $(element))
    .filter(
      (table) =>
        table.find('td, th').length > 1 && table.find('tr').length > 1 && table.attr('role') !== 'presentation',
    )
    .filter((table) => table.find('table, h1, h2, h3, h4').length === 0)
    .map((table) => words($, table).replace(/\s+/g, ' ').trim());
}

/** Text with a line end around each block. */
function words($: CheerioAPI, root: ReturnType<CheerioAPI>): string {
  return root
    .contents()
    .toArray()
    .map((node) => {
      if ('data' in node) return String(node.type) === 'text' ? node.data : '';
      if (!('name' in node)) return '';
      if (node.name === 'br') return '\n';
      const inside = words($, $(node));
      return BLOCKS.test(node.name) ? `\n${inside}\n` : inside;
    })
    .join('');
}
