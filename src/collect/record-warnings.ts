import type { RunInput } from '../input.js';
import type { RecordReport } from './record-report.js';

type RecordInput = Pick<RunInput, 'recordFields' | 'recordKeyFields' | 'datasetName'>;

/**
 * Sentences for the log: what is missing from the records, with one example each, and what to do. A private dataset's
 * values and addresses stay out of them. Pure.
 */
export function recordWarnings(report: RecordReport, input: RecordInput): string[] {
  if (report.records === 0) return [];
  return [...fieldWarnings(report, input), ...keyWarnings(report, input)];
}

function fieldWarnings(report: RecordReport, { recordFields, datasetName }: RecordInput): string[] {
  const warnings: string[] = [];
  for (const { name, selector, type } of recordFields) {
    const field = report.fields.find((known) => known.name === name);
    const { found, unreadable, example } = field ?? { found: 0, unreadable: 0, example: null };
    if (found === 0) {
      warnings.push(
        `Field "${name}" is empty in all of ${count(report.records, 'record')}: nothing in them matches "${selector}". ` +
          "A field's selector is looked for inside the record; inspect one in a browser and correct it in `recordFields`.",
      );
    }
    if (unreadable === 0) continue;
    const shown = example === null || datasetName !== null ? '' : `, for example "${example.value}" on ${example.url}`;
    warnings.push(
      `Field "${name}": ${count(unreadable, 'value')} could not be read as type ${type} and stayed empty${shown}. ` +
        'Name a closer selector or an `attribute`, or read the field as text.',
    );
  }
  return warnings;
}

function keyWarnings(report: RecordReport, { recordKeyFields, datasetName }: RecordInput): string[] {
  const warnings: string[] = [];
  const { conflicts, conflicting, withoutOwnLink } = report;
  if (conflicts > 0) {
    const [first] = conflicting;
    const shown = first === undefined || datasetName !== null ? '' : `, for example "${first.key}" on ${first.url}`;
    const whose = recordKeyFields.length > 0 ? 'values of `recordKeyFields`' : 'link';
    warnings.push(
      `${count(conflicts, 'record')} left out: another record has the same ${whose} but other content${shown}. ` +
        'Name fields in `recordKeyFields` that tell all records apart.',
    );
  }
  if (withoutOwnLink > 0) {
    warnings.push(
      `${count(withoutOwnLink, 'record')} had the same link as others of the page and were told apart by their content, so one ` +
        'that changes becomes a new row. Name fields in `recordKeyFields` that identify a record.',
    );
  }
  return warnings;
}

/** Why a crawl for records found none although pages were read, and what to do; `null` when it found some. Pure. */
export function nothingFound(
  { pagesLoaded, records }: { pagesLoaded: number; records: RecordReport },
  input: Pick<RunInput, 'recordSelector' | 'crawlerType' | 'startUrls'>,
): string | null {
  if (input.recordSelector === null || pagesLoaded === 0 || records.records > 0) return null;
  const where = pagesLoaded === 1 ? 'on the one page read' : `on any of the ${pagesLoaded} pages read`;
  const late =
    input.crawlerType === 'cheerio'
      ? 'If scripts write the records, set `crawlerType` to "playwright:adaptive".'
      : 'If the records appear late, name them in `waitForSelector` too.';
  return (
    `No record was found: \`recordSelector\` "${input.recordSelector}" matches nothing ${where}. ` +
    `Inspect a record on ${input.startUrls[0]} in a browser and enter a selector that matches it. ${late}`
  );
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
