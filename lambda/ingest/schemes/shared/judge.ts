import type { CodeVerifier, SchemeRequest, SchemeVerdict } from '../../../../lib/contract/scheme-module';

/** Why a request is not proven. Thrown where it is noticed, and made a verdict in one place. */
export class Refusal extends Error {
  constructor(readonly reason: 'signature' | 'timestamp', readonly detail: string) {
    super(detail);
  }
}

/** What the module knows of an event that no path into the request can say. */
export type Fields = { readonly [name: string]: string };

type Proven = Extract<SchemeVerdict, { valid: true }>;

/** Makes a verifier of a function that throws `Refusal`. Everything else that it throws, such as `SecretError`, is passed on. */
export function judgeWith(judge: (request: SchemeRequest, secrets: string[], now: number) => Omit<Proven, 'valid'>): CodeVerifier {
  return {
    verify: async (request, secrets, now) => {
      try {
        return { valid: true, ...judge(request, secrets, now) };
      } catch (error) {
        if (error instanceof Refusal) return { valid: false, reason: error.reason, detail: error.detail };
        throw error;
      }
    },
  };
}
