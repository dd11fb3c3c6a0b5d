/** One field of the input schema, as far as a form shows it. */
export interface FormField {
  title: string;
  description: string;
  type: string;
  editor?: string;
  prefill?: unknown;
  default?: unknown;
  enum?: string[];
  enumTitles?: string[];
  unit?: string;
  isSecret?: boolean;
  sectionCaption?: string;
  sectionDescription?: string;
}

export interface OutputLink {
  title: string;
  description: string;
  template: string;
}

export interface TableView {
  title: string;
  display: { properties: Record<string, { label: string; format?: string }> };
}

/** Sections that stand open in the picture; the others are closed, as in the form. */
const OPEN_SECTIONS = 2;

/** The input form. `description` may hold the markup that the schema allows. */
export function inputForm(schema: { description: string; properties: Record<string, FormField> }): string {
  const sections: { caption: string; words: string; fields: FormField[] }[] = [];
  for (const field of Object.values(schema.properties)) {
    const { sectionCaption: caption, sectionDescription: words = '' } = field;
    if (caption !== undefined) sections.push({ caption, words, fields: [] });
    sections.at(-1)?.fields.push(field);
  }
  const drawn = sections.map(({ caption, words, fields }, at) => {
    const open = at < OPEN_SECTIONS;
    const count = `${fields.length} ${fields.length === 1 ? 'field' : 'fields'}`;
    const inside = open ? `<p class="help">${escape(words)}</p>${fields.map(control).join('')}` : '';
    return `<section><h2>${open ? '▾' : '▸'} ${escape(caption)}<small>${count}</small></h2>${inside}</section>`;
  });
  return page('Input', `<p class="lead">${schema.description}</p>${drawn.join('')}<p><b class="button">Start</b></p>`);
}

/** The output tab: its links, and the first view of the dataset with rows of an invented site. */
export function outputTab(links: Record<string, OutputLink>, views: Record<string, TableView>): string {
  const rows = Object.values(links).map(
    ({ title, description }) => `<tr><td><a>${escape(title)}</a></td><td>${escape(description)}</td></tr>`,
  );
  const [view] = Object.values(views);
  const tabs = Object.values(views).map(
    ({ title }, at) => `<span class="${at === 0 ? 'tab on' : 'tab'}">${escape(title)}</span>`,
  );
  const columns = Object.entries(view?.display.properties ?? {}).slice(0, 5);
  const head = columns.map(([, { label }]) => `<th>${escape(label)}</th>`).join('');
  const body = SAMPLES.map((sample) => {
    const cells = columns.map(([name, { format }]) => cell(sample[name] ?? '', format)).join('');
    return `<tr>${cells}</tr>`;
  });
  return page(
    'Output',
    `<table>${rows.join('')}</table><h2>Dataset</h2><p>${tabs.join('')}</p><table class="grid"><tr>${head}</tr>${body.join('')}</table>`,
  );
}

const SAMPLES: Record<string, string>[] = [
  ['Getting started', 'start', 'Point the telescope and find a first star.', 'Mara Lindqvist', '2026-03-02'],
  ['The log format', 'log-format', 'What each column of a night log means.', 'Tomas Reyes', '2026-04-18'],
  [
    'Calibrating the mirror',
    'calibration',
    'Before every season, and after every storm.',
    'Mara Lindqvist',
    '2026-05-30',
  ],
].map(([title = '', slug = '', description = '', author = '', published = '']) => ({
  'metadata.title': title,
  url: `https://docs.example.com/${slug}`,
  'metadata.description': description,
  'metadata.author': author,
  'metadata.publishedTime': published,
}));

function cell(value: string, format = 'text'): string {
  return `<td>${format === 'link' ? `<a>${escape(value)}</a>` : escape(value)}</td>`;
}

function control(field: FormField): string {
  const help = `<p class="help">${field.description}</p>`;
  if (field.type === 'boolean') {
    const mark = (field.prefill ?? field.default) === true ? '☑' : '☐';
    return `<div class="field"><label>${mark} ${escape(field.title)}</label>${help}</div>`;
  }
  return `<div class="field"><label>${escape(field.title)}</label>${box(field)}${help}</div>`;
}

function box(field: FormField): string {
  const value = shown(field.prefill ?? field.default ?? '');
  if (field.enum) {
    const title = field.enumTitles?.[field.enum.indexOf(value)] ?? value;
    return `<div class="box">${escape(title)}<span>▾</span></div>`;
  }
  const unit = field.unit === undefined ? '' : `<span>${escape(field.unit)}</span>`;
  return `<div class="box">${escape(value)}${unit}</div>`;
}

/** Lists of addresses as the form shows them, everything else that is no text as JSON. */
function shown(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value))
    return value.map((entry) => (entry as { url?: string }).url ?? JSON.stringify(entry)).join(', ');
  return JSON.stringify(value);
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function page(title: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { font: 14px/1.45 system-ui, sans-serif; color: #1c2024; background: #fff; margin: 24px 32px; }
    h1 { font-size: 20px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 20px 0 8px; }
    h1 small, h2 small { font-weight: normal; color: #667; font-size: 12px; margin-left: 8px; }
    .lead { color: #445; max-width: 46rem; } .field { margin: 12px 0 12px 16px; } label { font-weight: 600; }
    .box { border: 1px solid #c6ccd2; border-radius: 4px; padding: 6px 10px; margin: 4px 0; min-height: 20px; display: flex; }
    .box span { margin-left: auto; color: #667; } .help { color: #556; margin: 2px 0; font-size: 12.5px; }
    section { border-top: 1px solid #e3e7ea; } .button { background: #2b5d8a; color: #fff; border-radius: 4px; padding: 8px 18px; }
    table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 6px 8px; vertical-align: top; }
    tr { border-bottom: 1px solid #e3e7ea; } a { color: #2b5d8a; } .grid { font-size: 12.5px; } td:last-child:not(:nth-child(2)) { white-space: nowrap; }
    .tab { padding: 4px 10px; margin-right: 6px; } .on { border-bottom: 2px solid #2b5d8a; font-weight: 600; }
    footer { color: #667; font-size: 12px; margin-top: 20px; }
  </style><h1>${title}<small>Website to Notion</small></h1>${body}
  <footer>Drawn from the files in .actor/; the Console’s own look differs.</footer>`;
}
