import { execFileSync } from 'node:child_process';

/** Browsers started by this process that are still there; one that has ended may wait to be noticed. */
export function browserProcesses(): string[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter(
    (line) => line.trim().startsWith(`${process.pid} `) && /chrom/i.test(line) && !line.includes('<defunct>'),
  );
}
