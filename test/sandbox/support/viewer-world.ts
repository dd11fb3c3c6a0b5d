import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createViewer } from '../../../sandbox/notion/viewer/viewer.js';
import { NotionWorld } from '../../../sandbox/notion/world.js';

/** One of everything that a synced body can hold. */
export const RICH_BODY = `Calibration takes the **camera** and the *dust* out of a picture: see [the manual](https://example.com/manual), \`bias\`, ~~never~~ always, and $E = mc^2$.
## Before you start
- Ask for the key
\t- and a red torch
\t\t- a **dim** one
- Look at the sky
1. Open the dome
\tThe slit faces south.
2. Wake the telescope
- [x] Lens cap off
- [ ] Log written
## The script
\`\`\`python
import numpy as np

def master(frames: list[np.ndarray]) -> np.ndarray:
    """Median of many frames: one cosmic ray cannot shift it."""
    return np.median(np.stack(frames), axis=0)
\`\`\`
### Frames
<table header-row="true" header-column="true">
<tr>
<td>Frame</td>
<td>Exposure</td>
<td>Removes</td>
</tr>
<tr>
<td>\`bias\`</td>
<td>0 s</td>
<td>Offset of the electronics</td>
</tr>
<tr>
<td>\`flat\`</td>
<td>2–4 s</td>
<td></td>
</tr>
</table>
<callout icon="💡" color="blue_bg">
\tNever point the telescope at the Sun.
\t- Not even by day.
</callout>
> You only need a coat.<br>And patience.
<details>
<summary>When it goes wrong</summary>
\tTake a new flat.
</details>
$$
I = \\frac{R - D}{F / \\bar{F}}
$$
---
![What it should look like](https://images.example/stars.png)
<columns>
\t<column>
\t\tLeft
\t</column>
\t<column>
\t\tRight
\t</column>
</columns>
#### Colors {color="green"}
All <span color="red">red</span> and <span underline="true">underlined</span> {color="yellow_bg"}
<pdf src="https://example.com/map.pdf">A map of the hill</pdf>`;

export const HOSTILE = `<script>alert(1)</script> "quotes" & 'apostrophes' <img src=x onerror=alert(1)>`;

/** A workspace as a sync leaves it, with hostile text in each place that text can stand in. */
export function exampleWorld() {
  const world = new NotionWorld();
  const { workspaceId } = world.authorize({ workspace: 'Research · Acme', user: 'Dana Lee' });
  const { database, dataSource } = world.addDatabaseAsPerson({
    workspace: 'Research · Acme',
    title: 'fernhill.example',
    properties: {
      Name: { title: {} },
      URL: { url: {} },
      Description: { rich_text: {} },
      Author: { rich_text: {} },
      Published: { date: {} },
      Changed: { date: {} },
      Status: { select: { options: [{ name: 'Active', color: 'green' }] } },
      Price: { number: {} },
    },
  });
  const row = (name: string, path: string, markdown: string, status = 'Active') =>
    world.addRowAsPerson(dataSource.id, {
      properties: {
        Name: { title: [{ text: { content: name } }] },
        URL: { url: `https://fernhill.example${path}` },
        Description: {
          rich_text: [{ text: { content: 'Bias, dark and flat frames, and the script that applies them.' } }],
        },
        Changed: { date: { start: '2026-11-22T09:15:00.000Z' } },
        Published: { date: { start: '2026-02-11' } },
        Status: { select: { name: status } },
        Price: { number: 1149 },
      },
      markdown,
    });
  const rich = row('Calibrating images', '/handbook/calibrating-images', RICH_BODY);
  const hostile = row(HOSTILE, '/x?"><script>alert(2)</script>', hostileBody());
  row(
    'First light of the Moss telescope',
    '/articles/first-light-of-the-moss-telescope',
    'After nine years of weekends.',
  );
  row('Counting the Geminids', '/articles/counting-the-geminids', 'Eleven observers, six hours, 1,284 meteors.');
  const trashed = row('The lost plate', '/articles/the-lost-plate', '', 'Removed');
  world.editAsPerson(trashed.id, { trashed: true });
  world.addPageAsPerson({ workspace: 'Research · Acme', title: 'Meeting notes', markdown: 'Ours.' });
  return { world, workspaceId, database, dataSource, rich, hostile, trashed };
}

function hostileBody(): string {
  const escaped = HOSTILE.replace(/[<>]/g, '\\$&');
  return [
    escaped,
    HOSTILE,
    '[a script](javascript:alert\\(1\\))',
    '![an image](javascript:alert\\(2\\))',
    `<pdf src="data:text/html,<script>">file</pdf>`,
    '```html',
    HOSTILE,
    '```',
    '$$',
    HOSTILE,
    '$$',
  ].join('\n');
}

/** Serves the viewer of `world` on loopback. */
export async function serveViewer(world: NotionWorld) {
  const view = createViewer(world);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const found = view(url.pathname, url.searchParams);
    response.writeHead(found?.status ?? 404, { ...found?.headers, 'content-type': found?.contentType ?? 'text/plain' });
    response.end(found?.body ?? 'no page of the viewer');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world.baseUrl = url;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}
