import { randomInt } from 'node:crypto';
import type { NewSecret } from '../secrets-manager';
import { ALPHANUMERIC } from '../stable-id';
import type { GenerateSecretString, WantedSecret } from './wanted-secrets';

/** Values that the run is given, by a secret's or parameter's name, by logical id, or by the ARN that the app imports. */
export interface GivenSecrets {
  readonly [name: string]: { readonly current: string; readonly previous?: string };
}

export interface SecretsOutcome {
  /** Values that were made up, by the secret's name, or by its ARN where another one has that name. */
  readonly generatedSecrets: { [name: string]: string };
  /** Names among the given ones that nothing in the assembly uses. */
  readonly unusedSecrets: string[];
}

const LENGTH = 32;

/** Where secrets are made. */
export interface SecretStores {
  readonly secrets: SecretStore;
  readonly parameters: SecretStore;
}

interface SecretStore {
  add(secret: NewSecret): unknown;
}

/** Makes every wanted secret, with the given value or a random one. */
export function createSecrets(wanted: readonly WantedSecret[], given: GivenSecrets, { secrets, parameters }: SecretStores): SecretsOutcome {
  const used = new Set<string>();
  const generatedSecrets: { [name: string]: string } = {};
  for (const secret of wanted) {
    const { name, arn } = secret;
    const givenAs = [name, arn, ...secret.aliases].find((alias) => Object.hasOwn(given, alias));
    if (givenAs !== undefined) used.add(givenAs);
    const madeAs = Object.hasOwn(generatedSecrets, name) ? arn : name;
    const value = givenAs === undefined ? { current: secret.literal ?? (generatedSecrets[madeAs] = madeUp(secret)) } : given[givenAs];
    (secret.service ? parameters : secrets).add({ name, arn, ...value as GivenSecrets[string] });
  }
  const unusedSecrets = Object.keys(given).filter((name) => !used.has(name));
  // A function may still read one by a name that only it knows.
  for (const name of unusedSecrets.filter((unused) => !unused.startsWith('arn:'))) {
    for (const store of [secrets, parameters]) store.add({ name, ...given[name] as GivenSecrets[string] });
  }
  return { generatedSecrets, unusedSecrets };
}

function madeUp({ generate, fields, key }: WantedSecret): string {
  if (generate) return generated(generate);
  if (fields.size === 0) return randomKey(key);
  return JSON.stringify(Object.fromEntries([...fields].map(([field, fieldKey]) => [field, randomKey(fieldKey)])));
}

/** Letters and digits are good text, good base64 and, 32 of them, 24 bytes of a whsec key; hexadecimal wants its own digits, a pair its colon. */
function randomKey(key: string | undefined): string {
  if (key === 'pair') return `${randomText(ALPHANUMERIC, LENGTH / 2)}:${randomText(ALPHANUMERIC, LENGTH)}`;
  return randomText(key === 'hex' ? '0123456789abcdef' : ALPHANUMERIC, LENGTH);
}

/** What CloudFormation would make, without punctuation. */
function generated(rules: GenerateSecretString): string {
  const excluded = new Set(rules.ExcludeCharacters ?? '');
  const alphabet = [...ALPHANUMERIC].filter((character) => !excluded.has(character)
    && !(isTrue(rules.ExcludeUppercase) && /[A-Z]/.test(character))
    && !(isTrue(rules.ExcludeLowercase) && /[a-z]/.test(character))
    && !(isTrue(rules.ExcludeNumbers) && /\d/.test(character)));
  const text = randomText(alphabet.length > 0 ? alphabet.join('') : ALPHANUMERIC, Number(rules.PasswordLength ?? LENGTH));
  if (rules.GenerateStringKey === undefined) return text;
  return JSON.stringify({ ...JSON.parse(rules.SecretStringTemplate ?? '{}') as object, [rules.GenerateStringKey]: text });
}

function isTrue(value: boolean | string | undefined): boolean {
  return String(value) === 'true';
}

function randomText(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
}
