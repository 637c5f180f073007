/** A pairing is open for this long at most, whatever its state says. */
export const PAIRING_MAX_MS = 24 * 3_600_000;

/**
 * Until when a secret's value says that a pairing is open, in milliseconds since 1970; undefined for a value that is no pairing
 * state. `cdk-webhooks pair` puts `{"pairingUntil": "<ISO 8601>"}`. It is no key: anybody could guess it.
 */
export function readPairingState(value: string): number | undefined {
  if (!value.includes('"pairingUntil"')) return undefined;
  try {
    const state: unknown = JSON.parse(value);
    if (typeof state !== 'object' || state === null || !Object.hasOwn(state, 'pairingUntil')) return undefined;
    const until = Date.parse(String((state as { pairingUntil: unknown }).pairingUntil));
    return Number.isNaN(until) ? 0 : until;
  } catch {
    return undefined;
  }
}

/** `createdAt`: when the version with the state was made. */
export function isPairingOpen(value: string, createdAt: number, now: number): boolean {
  const until = readPairingState(value);
  return until !== undefined && now < Math.min(until, createdAt + PAIRING_MAX_MS);
}
