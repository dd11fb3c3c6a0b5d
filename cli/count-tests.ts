import { readFileSync } from 'node:fs';

/**
 * `tsx cli/count-tests.ts <file>`: the counts of vitest's JSON report on one line, "N passed, N failed".
 * A file whose tests could not be loaded counts as one failure. Exit code 1 when something failed or nothing ran.
 */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

function read(file: string): VitestReport | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return null;
  }
}

const report = read(process.argv[2] ?? '');
if (report === null) console.error('The tests did not run to their end: there is no report to count.');
const unloaded =
  report?.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0) ?? [];
const passed = report?.numPassedTests ?? 0;
const failed = (report?.numFailedTests ?? 0) + unloaded.length;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = passed > 0 && failed === 0 ? 0 : 1;
