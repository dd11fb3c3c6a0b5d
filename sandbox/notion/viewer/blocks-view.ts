import { html } from 'hono/html';
import type { Markup } from '../../markup.js';
import { plainText, type Block, type RichText } from '../block.js';
import { compactId } from '../ids.js';
import { inlineView, isSafe, safeLink } from './inline-view.js';

type Typed<T extends Block['type']> = Extract<Block, { type: T }>;
type HeadingBlock = Typed<'heading_1' | 'heading_2' | 'heading_3' | 'heading_4'>;

/** A page's body as HTML. Items next to each other become one list. */
export function blocksView(blocks: readonly Block[], root: readonly Block[] = blocks): Markup {
  const parts: Markup[] = [];
  for (let start = 0; start < blocks.length;) {
    const type = blocks[start]?.type;
    let end = start + 1;
    const isItem = type === 'bulleted_list_item' || type === 'numbered_list_item' || type === 'to_do';
    while (isItem && blocks[end]?.type === type) end++;
    const items = blocks.slice(start, end).map((block) => blockView(block, root));
    if (type === 'bulleted_list_item')
      parts.push(
        html`<ul>
          ${items}
        </ul>`,
      );
    else if (type === 'numbered_list_item')
      parts.push(
        html`<ol>
          ${items}
        </ol>`,
      );
    else if (type === 'to_do')
      parts.push(
        html`<ul class="todos">
          ${items}
        </ul>`,
      );
    else parts.push(...items);
    start = end;
  }
  return html`${parts}`;
}

// Templates that hold text stand on one line each: white space around text would show.
/* prettier-ignore */
function blockView(block: Block, root: readonly Block[]): Markup {
  const inside = () => blocksView(block.children, root);
  const nested = () => (block.children.length === 0 ? '' : html`<div class="nested">${inside()}</div>`);
  switch (block.type) {
    case 'paragraph': {
      const text = inlineView(block.value.rich_text);
      return html`<p class="${block.value.rich_text.length === 0 ? 'empty ' : ''}c-${block.value.color}">${text}</p>${nested()}`;
    }
    case 'heading_1':
    case 'heading_2':
    case 'heading_3':
    case 'heading_4':
      return headingView(block, inside());
    case 'bulleted_list_item':
    case 'numbered_list_item':
      return html`<li><span class="c-${block.value.color}">${inlineView(block.value.rich_text)}</span>${inside()}</li>`;
    case 'to_do': {
      const box = block.value.checked ? html`<input type="checkbox" disabled checked />` : html`<input type="checkbox" disabled />`;
      return html`<li><label class="c-${block.value.color}">${box} <span>${inlineView(block.value.rich_text)}</span></label>${inside()}</li>`;
    }
    case 'quote':
      return html`<blockquote class="c-${block.value.color}"><p>${inlineView(block.value.rich_text)}</p>${inside()}</blockquote>`;
    case 'toggle':
      return html`<details class="c-${block.value.color}"><summary>${inlineView(block.value.rich_text)}</summary>${nested()}</details>`;
    case 'callout':
      return calloutView(block, inside());
    case 'code': {
      const text = plainText(block.value.rich_text);
      return html`<figure class="code"><figcaption>${block.value.language}</figcaption><pre tabindex="0" aria-label="Code"><code>${text}</code></pre></figure>`;
    }
    case 'equation':
      return html`<figure class="code"><figcaption>equation</figcaption><pre class="tex" tabindex="0" aria-label="Equation">${block.value.expression}</pre></figure>`;
    case 'table':
      return tableView(block);
    case 'divider':
      return html`<hr />`;
    case 'column_list':
      return html`<div class="columns">${inside()}</div>`;
    case 'column':
      return html`<div class="column">${inside()}</div>`;
    case 'synced_block':
      return html`<div class="synced">${inside()}</div>`;
    case 'image':
      return imageView(block.value.external.url, block.value.caption);
    case 'video':
    case 'audio':
    case 'file':
    case 'pdf':
      return cardView(block.type, block.value.external.url, block.value.caption);
    case 'bookmark':
    case 'embed':
      return cardView(block.type, block.value.url, block.value.caption);
    case 'child_page':
      return html`<p class="card"><span>Page</span> <a href="/p/${compactId(block.id)}">${block.value.title || 'Untitled'}</a></p>`;
    case 'child_database':
      return html`<p class="card"><span>Database</span> <a href="/p/${compactId(block.id)}">${block.value.title || 'Untitled'}</a></p>`;
    case 'table_of_contents':
      return contentsView(root);
    case 'table_row':
    case 'unsupported':
      return html`<p class="soft">A block that this sandbox cannot show (${block.type === 'unsupported' ? block.value.block_type : block.type})</p>`;
  }
}

/** The page's title is the first level, so that of a body's headings is the second. */
/* prettier-ignore */
function headingView(block: HeadingBlock, inside: Markup): Markup {
  const { rich_text, color, is_toggleable } = block.value;
  const text = inlineView(rich_text);
  const id = compactId(block.id);
  const heading = {
    heading_1: html`<h2 id="${id}" class="c-${color}">${text}</h2>`,
    heading_2: html`<h3 id="${id}" class="c-${color}">${text}</h3>`,
    heading_3: html`<h4 id="${id}" class="c-${color}">${text}</h4>`,
    heading_4: html`<h5 id="${id}" class="c-${color}">${text}</h5>`,
  }[block.type];
  return is_toggleable ? html`<details><summary>${heading}</summary><div class="nested">${inside}</div></details>` : html`${heading}${inside}`;
}

/* prettier-ignore */
function calloutView({ value }: Typed<'callout'>, inside: Markup): Markup {
  const icon = value.icon?.type === 'emoji' ? value.icon.emoji : '';
  const text = value.rich_text.length === 0 ? '' : html`<p>${inlineView(value.rich_text)}</p>`;
  return html`<div class="callout c-${value.color}" role="note"><span class="icon" aria-hidden="true">${icon}</span><div>${text}${inside}</div></div>`;
}

/* prettier-ignore */
function tableView({ value, children }: Typed<'table'>): Markup {
  const rows = children.map((row, index) => {
    const cells = row.type === 'table_row' ? row.value.cells : [];
    const inHead = value.has_column_header && index === 0;
    const views = cells.map((cell, column) => {
      const text = inlineView(cell);
      if (plainText(cell) === '') return html`<td></td>`;
      if (inHead) return html`<th scope="col">${text}</th>`;
      return value.has_row_header && column === 0 ? html`<th scope="row">${text}</th>` : html`<td>${text}</td>`;
    });
    return html`<tr>${views}</tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>${rows}</table></div>`;
}

/* prettier-ignore */
function imageView(url: string, caption: readonly RichText[]): Markup {
  const text = caption.length === 0 ? '' : html`<figcaption>${inlineView(caption)}</figcaption>`;
  if (!isSafe(url, ['http:', 'https:'])) return html`<figure><p class="soft">Image with an address that is not shown: ${url}</p>${text}</figure>`;
  return html`<figure><img src="${url}" alt="${plainText(caption)}" loading="lazy" referrerpolicy="no-referrer" />${text}</figure>`;
}

/* prettier-ignore */
function cardView(kind: string, url: string, caption: readonly RichText[]): Markup {
  return html`<p class="card"><span>${kind}</span> ${safeLink(url, caption.length === 0 ? url : plainText(caption))}</p>`;
}

/* prettier-ignore */
function contentsView(root: readonly Block[]): Markup {
  const headings = root.filter((block): block is HeadingBlock => /^heading_[1-4]$/.test(block.type));
  const items = headings.map((block) => html`<li class="${block.type}"><a href="#${compactId(block.id)}">${plainText(block.value.rich_text)}</a></li>`);
  return html`<nav class="contents" aria-label="Contents"><ul>${items}</ul></nav>`;
}
