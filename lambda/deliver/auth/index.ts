import type { HttpAuthSettings } from '../../../lib/contract/config';
import type { SenderContext } from '../../../lib/contract/sender';
import type { AddressPolicy } from '../../shared/address';
import type { Egress } from '../../shared/egress';
import { apiKey } from './api-key';
import type { Authorization } from './authorization';
import { basic } from './basic';
import { bearer } from './bearer';
import { mutualTls } from './mutual-tls';
import { oauth2 } from './oauth2';
import { sigv4 } from './sigv4';

export interface AuthorizationContext extends Pick<SenderContext, 'environment' | 'secrets'> {
  readonly overlapSeconds: number;
  readonly policy: AddressPolicy;
  readonly egress: Egress;
}

/** Throws for settings that can never work. */
export function createAuthorization(
  settings: HttpAuthSettings, { environment, secrets, overlapSeconds, policy, egress }: AuthorizationContext,
): Authorization {
  switch (settings.kind) {
    case 'basic': return basic(settings, overlapSeconds, secrets);
    case 'bearer': return bearer(settings, overlapSeconds, secrets);
    case 'api-key': return apiKey(settings, overlapSeconds, secrets);
    case 'oauth2': return oauth2(settings, overlapSeconds, secrets, egress);
    case 'mutual-tls': return mutualTls(settings, overlapSeconds, secrets, policy);
    case 'sigv4': return sigv4(settings, environment);
  }
}
