import { execFileSync } from 'node:child_process';

/** Browsers started by this process that are still there. */
export function browserProcesses(): string[] {
  const lines = execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.trim().startsWith(`${process.pid} `) && /chrom/i.test(line));
}
