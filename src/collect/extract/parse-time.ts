/** Offsets of the zone names that pages write; one that several zones share (IST, CST in China) is read as RFC 2822 does, or not. */
const ZONES: Readonly<Record<string, string>> = {
  Z: 'Z',
  UTC: 'Z',
  GMT: 'Z',
  UT: 'Z',
  EST: '-05:00',
  EDT: '-04:00',
  CST: '-06:00',
  CDT: '-05:00',
  MST: '-07:00',
  MDT: '-06:00',
  PST: '-08:00',
  PDT: '-07:00',
  CET: '+01:00',
  CEST: '+02:00',
  MEZ: '+01:00',
  MESZ: '+02:00',
  EET: '+02:00',
  EEST: '+03:00',
  JST: '+09:00',
  KST: '+09:00',
};

const CLOCK = /(?<![\d:])(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d+))?)?|[hH](\d{2})|\.(\d{2})(?= ?Uhr))(?!\d)/;
/** `10 AM` has no minutes. */
const HOUR_ONLY = /(?<![\d:])(\d{1,2})(?= ?[ap]\.?m\b)/i;

/**
 * The time of day in a text that a date was taken out of, as the end of an ISO 8601 date: `T10:30:00`, with a fraction of
 * the second and the offset when the text names them. `""` when there is no time, `'invalid'` when what stands there is none.
 */
export function timeIn(text: string): string {
  const clock = CLOCK.exec(text) ?? HOUR_ONLY.exec(text);
  if (clock === null) return '';
  const [whole, hour = '', colon, seconds = '00', fraction, french, german] = clock;
  const minutes = colon ?? french ?? german ?? '00';
  const after = text.slice(clock.index + whole.length);
  const half = /^ ?([ap])\.? ?m\b\.?/i.exec(after);
  const hours = half === null ? Number(hour) : to24Hours(Number(hour), half[1] ?? '');
  if (hours > 23 || Number(minutes) > 59 || Number(seconds) > 60) return 'invalid';
  // Where people write, "10:30-11:30" is a span of time; programs write a T before the time, or its seconds.
  const isExact = /t/i.test(text.charAt(clock.index - 1)) || /^\d+:\d+:/.test(whole);
  const zone = zoneIn(after.slice(half?.[0].length ?? 0), isExact);
  const part = fraction === undefined ? '' : `.${fraction}`;
  return `T${String(hours).padStart(2, '0')}:${minutes}:${seconds}${part}${zone}`;
}

function to24Hours(hour: number, half: string): number {
  if (hour < 1 || hour > 12) return 24;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
}

/**
 * A zone right after the time: `+0100`, `GMT+01:00`, `CET`, also in brackets.
 * @param isExact a minus with the form of another time of day is an offset, and no span of time
 */
function zoneIn(after: string, isExact: boolean): string {
  const offset = /^ ?\(?(UTC|GMT)? ?([+−-])(\d{1,2}):?(\d{2})?(?![\d:])/.exec(after);
  const isOffset = isExact || offset?.[1] !== undefined || /^\s*\(?(?:\+|[−-]\d{4})/.test(after);
  if (offset !== null && isOffset) {
    const [, , sign = '', hours = '', minutes = '00'] = offset;
    if (Number(hours) <= 14 && Number(minutes) <= 59) {
      return `${sign === '+' ? '+' : '-'}${hours.padStart(2, '0')}:${minutes}`;
    }
  }
  const name = /^ ?(?:Uhr ?)?\(?([A-Z]{1,4}|z)(?![\p{L}\p{N}])/u.exec(after)?.[1];
  return (name !== undefined && ZONES[name.toUpperCase()]) || '';
}
