import { html } from 'hono/html';
import { markupText } from '../markup.js';
import { PRODUCTS, type Product } from './catalogue.js';
import type { PageHead } from './layout.js';

/** The shop's list and one page per product: head and body of each. */
export function shopPages(): { head: PageHead; body: string }[] {
  const list = html`<h1>Shop</h1>
    <p class="lead">What we sell pays for the lamp in the warm room. Collect it on an open night.</p>
    <div class="products">${PRODUCTS.map(card)}</div>`;
  return [
    {
      head: { path: '/shop/', title: 'Shop', description: 'Star maps, torches and glass.', kind: 'page' },
      body: markupText(list),
    },
    ...PRODUCTS.map((product) => ({
      head: {
        path: `/shop/${product.slug}`,
        title: product.name,
        description: product.summary,
        kind: 'page' as const,
        image: '/images/dome.svg',
      },
      body: markupText(productBody(product)),
    })),
  ];
}

function card(product: Product) {
  return html`<div class="product" data-sku="${product.slug}">
    <h2 class="name"><a href="/shop/${product.slug}">${product.name}</a></h2>
    <p class="summary">${product.summary}</p>
    <p>
      <span class="price" data-currency="${product.currency}">${product.price}</span>
      <span class="stock" data-in-stock="${String(product.inStock)}"
        >${product.inStock ? 'In stock' : 'From April'}</span
      >
    </p>
  </div>`;
}

function productBody(product: Product) {
  return html`<h1>${product.name}</h1>
    <p class="lead">${product.summary}</p>
    <dl>
      <dt>Price</dt>
      <dd>${product.price}</dd>
      <dt>Availability</dt>
      <dd>${product.inStock ? 'In stock, in the warm room' : 'Sold out; the next ones come in April'}</dd>
    </dl>
    <p><a href="/shop/">All things in the shop</a></p>`;
}
