import type { SecretReference } from '../../../lib/contract/config';
import { parameterStore } from './parameter-store';
import { secretsManager } from './secrets-manager';
import type { ReadVersion } from './service';

/** Where secrets may be, as a reference says it. */
const SERVICES = { secretsmanager: secretsManager, ssm: parameterStore } satisfies { readonly [service: string]: ReadVersion };

export function readerOf({ service }: SecretReference): ReadVersion {
  return SERVICES[service ?? 'secretsmanager'];
}
