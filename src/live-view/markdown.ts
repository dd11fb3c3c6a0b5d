import type { AlignType, Nodes, Parents, Table } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { html, type Html } from './markup.js';

/** A page's Markdown as inert HTML, and what is in it (`headings`, `code`, `table` …) for the preview's caption. */
export interface RenderedMarkdown {
  body: Html;
  contents: string[];
}

/** Deeper nesting than this is shown as text: browsers stop at 512 elements, people long before. */
const DEPTH_LIMIT = 16;

const parser = unified().use(remarkParse).use(remarkGfm);

/**
 * Renders crawled Markdown for the preview. The text is hostile: only an own set of elements without attributes comes
 * out, HTML in it stays text, links lead nowhere (a page must not be able to put its own "Connect" on ours), and images are
 * named, not loaded.
 */
export function renderMarkdown(markdown: string): RenderedMarkdown {
  try {
    const root = parser.parse(markdown);
    const contents = new Set<string>();
    return { body: html`${children(root, 0, contents)}`, contents: [...contents] };
  } catch {
    // The parser's recursion gives up on thousands of nested marks; the words are still worth showing.
    return { body: html`<p>${markdown}</p>`, contents: [] };
  }
}

function children(node: Parents, depth: number, contents: Set<string>): Html[] {
  return node.children.map((child) => render(child, depth + 1, contents));
}

function render(node: Nodes, depth: number, contents: Set<string>): Html {
  if (depth > DEPTH_LIMIT) return html`${wordsOf(node)}`;
  const inner = () => ('children' in node ? children(node, depth, contents) : []);
  switch (node.type) {
    case 'text':
    case 'html':
      return html`${node.value}`;
    case 'paragraph':
      return html`<p>${inner()}</p>`;
    case 'heading':
      contents.add('headings');
      return heading(node.depth, inner());
    case 'emphasis':
      return html`<em>${inner()}</em>`;
    case 'strong':
      return html`<b>${inner()}</b>`;
    case 'delete':
      return html`<s>${inner()}</s>`;
    case 'inlineCode':
      return html`<code>${node.value}</code>`;
    case 'break':
      return html`<br />`;
    case 'thematicBreak':
      return html`<hr />`;
    case 'blockquote':
      return html`<blockquote>${inner()}</blockquote>`;
    case 'code':
      contents.add('code');
      return html`<pre><code>${node.value}</code></pre>`;
    case 'list':
      contents.add('list');
      return node.ordered
        ? html`<ol>
            ${inner()}
          </ol>`
        : html`<ul>
            ${inner()}
          </ul>`;
    case 'listItem':
      return listItem(node.checked, inner());
    case 'table':
      contents.add('table');
      return table(node, depth, contents);
    case 'link':
    case 'linkReference':
      return html`<span class="link">${inner()}</span>`;
    case 'image':
    case 'imageReference':
      contents.add('images');
      return html`<span class="image">Image${node.alt ? `: ${node.alt}` : ''}</span>`;
    case 'definition':
    case 'yaml':
    case 'footnoteDefinition':
    case 'footnoteReference':
      return html``;
    case 'root':
    case 'tableRow':
    case 'tableCell':
      return html`${inner()}`;
  }
}

/** The preview's own title is an `h3`, so the page's headings go below it. */
function heading(level: number, inner: Html[]): Html {
  if (level <= 2) return html`<h4>${inner}</h4>`;
  return level === 3 ? html`<h5>${inner}</h5>` : html`<h6>${inner}</h6>`;
}

function listItem(checked: boolean | null | undefined, inner: Html[]): Html {
  if (typeof checked !== 'boolean') return html`<li>${inner}</li>`;
  return html`<li class="task">${checked ? '☑' : '☐'} ${inner}</li>`;
}

function table(node: Table, depth: number, contents: Set<string>): Html {
  const [head, ...body] = node.children.map((row) => row.children.map((cell) => children(cell, depth + 2, contents)));
  const align = node.align ?? [];
  return html`<div class="wide" tabindex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${head?.map((cell, i) => html`<th class="${side(align[i])}">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${body.map(
          (row) =>
            html`<tr>
              ${row.map((cell, i) => html`<td class="${side(align[i])}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function side(align: AlignType | undefined): string {
  return align === 'right' || align === 'center' ? align : 'left';
}

function wordsOf(node: Nodes): string {
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(wordsOf).join(' ') : '';
}
