import { startNotion } from '../sandbox/notion/server.js';

// The Notion stand-in as a process of its own: notion-child.ts <requests per window> <window in ms>. Ends with its input.
// A second is the sixtieth part of a window, as it is with Notion.
const [budget, windowMs] = process.argv.slice(2).map(Number);
const window = windowMs ?? 60_000;
const notion = await startNotion({ budget: budget ?? 180, windowMs: window, secondMs: window / 60 });
const { accessToken } = notion.authorize({ workspace: 'Bench' });
console.log(JSON.stringify({ url: notion.url, token: accessToken }));
process.stdin.on('end', () => void notion.close()).resume();
