import type { SecretPart } from '../../lib/contract/parts';
import type { AwsAccess } from '../aws-access';

/** What a person does to a secret, wherever it is. */
export interface SecretService {
  /** The current value. Undefined: it is no text. */
  read(access: AwsAccess, id: string): Promise<string | undefined>;
  /** Ends the previous version. Resolves to whether there was one. */
  revoke(access: AwsAccess, id: string): Promise<boolean>;
}

/** Each brings a client of its own, so that one is loaded alone. */
const SERVICES = {
  secretsmanager: async () => (await import('./secrets-manager.js')).secretsManager,
  ssm: async () => (await import('./parameter-store.js')).parameterStore,
} satisfies { readonly [service: string]: () => Promise<SecretService> };

export function serviceOf({ service }: Pick<SecretPart, 'service'>): Promise<SecretService> {
  return SERVICES[service ?? 'secretsmanager']();
}
