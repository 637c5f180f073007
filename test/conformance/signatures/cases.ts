import { readFileSync } from 'node:fs';

/** One request of a file such as `test/conformance/vectors/github.json`, with what the source must make of it. */
export interface Case {
  readonly id: string;
  readonly provider: string;
  readonly description: string;
  /** Several: any of them may match. */
  readonly secret?: string | string[];
  readonly publicKey?: string;
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly [name: string]: string | string[] };
  readonly bodyBase64: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** PEM by the URL that it is fetched from. */
  readonly certificates?: { readonly [url: string]: string };
  readonly jwks?: { readonly keys: readonly { readonly kid?: string }[] };
  readonly context?: { readonly [name in 'topicArn' | 'webhookId' | 'issuer' | 'audience' | 'email']?: string };
  /** Senders differ about it: told, and not counted. */
  readonly advisory?: boolean;
  /** The source waits for its sender's key. */
  readonly pairing?: boolean;
  readonly expect?: 'valid' | 'invalid';
  /** A handshake's answer. */
  readonly response?: Response;
}

interface Response {
  readonly status: number;
  readonly body?: string;
  readonly json?: unknown;
  readonly headers?: { readonly [name: string]: string };
}

/** Throws where the file is none of these. */
export function readCases(file: string): Case[] {
  const cases: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(cases)) throw new Error(`${JSON.stringify(file)} is not a JSON array of cases`);
  for (const each of cases as Case[]) {
    const complete = typeof each?.id === 'string' && typeof each.provider === 'string' && typeof each.url === 'string' && typeof each.now === 'number';
    if (!complete || (each.expect === undefined) === (each.response === undefined)) {
      throw new Error(`${JSON.stringify(file)} has a case that is not complete: ${JSON.stringify(each).slice(0, 200)}`);
    }
  }
  return cases as Case[];
}
