import { readFileSync } from 'node:fs';

export type CaseStatus = 'passed' | 'failed' | 'not testable';

export interface CaseResult {
  readonly id: string;
  readonly status: CaseStatus;
  /** How it failed, or why it could not be tested. */
  readonly message?: string;
}

/** What one endpoint made of the suite: the file that `--json` writes. */
export interface EngineResults {
  readonly engine: string;
  readonly version: string;
  readonly cases: readonly CaseResult[];
}

export function readResults(file: string): EngineResults {
  const { engine, version, cases } = JSON.parse(readFileSync(file, 'utf8')) as Partial<EngineResults>;
  if (typeof engine === 'string' && typeof version === 'string' && Array.isArray(cases)) return { engine, version, cases };
  throw new Error(`${JSON.stringify(file)} is no result file: write one with --json`);
}

export function countOf(results: readonly CaseResult[], status: CaseStatus): number {
  return results.filter((result) => result.status === status).length;
}
