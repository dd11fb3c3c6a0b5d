import { startNotion } from '../sandbox/notion/server.js';

// The Notion stand-in as a process of its own: notion-child.ts <requests per window> <window in ms>. Ends with its input.
const [budget, windowMs] = process.argv.slice(2).map(Number);
const notion = await startNotion({ budget: budget ?? 180, windowMs: windowMs ?? 60_000 });
const { accessToken } = notion.authorize({ workspace: 'Bench' });
console.log(JSON.stringify({ url: notion.url, token: accessToken }));
process.stdin.on('end', () => void notion.close()).resume();
