import type { CodeScheme } from '../../../lib/contract/scheme';
import type { KeyFetch, SchemeModule } from '../../../lib/contract/scheme-module';
import { KeyRing } from '../../shared/key';
import { describe } from '../../shared/log';
import { isSecretError } from '../../shared/secret-error';
import { Rejection } from '../rejection';
import type { Verifier } from './verifier';

/** The modules of schemes, by name. */
export interface SchemeModules {
  readonly [module: string]: SchemeModule;
}

/** What data cannot say: the scheme's module judges. Throws where it is not there or cannot work with its settings. */
export function codeVerifier(scheme: CodeScheme, secretId: string | undefined, modules: SchemeModules, fetch: KeyFetch): Verifier {
  const module = Object.hasOwn(modules, scheme.module) ? modules[scheme.module] : undefined;
  if (!module) throw new Error(`the module of scheme ${JSON.stringify(scheme.name)}, scheme-${scheme.module}.mjs, is not beside the function; deploy again`);
  const { name, settings = {} } = scheme;
  const verifier = module.createVerifier({ scheme: name, settings, fetch, ...(secretId === undefined ? {} : { secretId }) });
  const ring = secretId === undefined ? undefined : new KeyRing(scheme.key ?? 'utf8', secretId);
  return {
    claim: (request, now) => ({
      async prove(secrets) {
        const texts = ring ? ring.usable(secrets).map(({ text }) => text) : [];
        // One after the other, so that it is known which one it was.
        const tries = texts.length > 1 ? texts.map((text) => [text]) : [texts];
        let refusal: Rejection | undefined;
        for (const [secret] of tries) {
          const verdict = await verifier.verify(request, secret === undefined ? [] : [secret], now).catch((error: unknown) => {
            throw isSecretError(error) ? error : new Rejection('secret', describe(error));
          });
          if (verdict.valid) return { secret, fields: verdict.fields, handshake: verdict.handshake };
          if (refusal?.reason !== 'timestamp') refusal = new Rejection(verdict.reason, verdict.detail);
        }
        throw refusal;
      },
    }),
  };
}
