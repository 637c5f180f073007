/** The file of `WebhookSource`: what is the same for no two factories by hand, and the providers' in their place. */
export function genericFactories({ mark, generatedOptions, ownOptions, builders, shared, factories }) {
  return `${mark}import { SCHEMES } from '../contract/schemes';
import { anyOfSources, apiKeySource, basicAuthSource, hmacSource, jwtSource, unverifiedSource } from './generic-sources';
import {
${ownOptions}
} from './own-options';
import {
${generatedOptions}
} from './provider-options';
import {
${builders}
} from './provider-sources';
import {
${shared}
} from './source-definition';
import { HmacSourceOptions, WebhookSourceOptions } from './source-options';

/**
 * One configured way in: how a sender proves who it is, and with which secret.
 */
export class WebhookSource {
${factories}
  /**
   * Webhooks of a sender that signs with an HMAC in a way of its own, described by its parts.
   */
  public static hmac(options: HmacSourceOptions): WebhookSource {
    return new WebhookSource(hmacSource(options));
  }

  /**
   * Webhooks of a sender that proves itself with a token (JWT) of an issuer that publishes its keys. The token says who sends, and
   * covers nothing of the request.
   *
   * @see https://www.rfc-editor.org/rfc/rfc8725
   */
  public static jwt(options: JwtSourceOptions): WebhookSource {
    return new WebhookSource(jwtSource(options));
  }

  /**
   * Webhooks of a sender that uses HTTP Basic authentication.
   *
   * @see https://www.rfc-editor.org/rfc/rfc7617
   */
  public static basicAuth(options: BasicAuthSourceOptions): WebhookSource {
    return new WebhookSource(basicAuthSource(options));
  }

  /**
   * Webhooks of a sender that carries a key in a header or in the query. The key covers nothing of the request.
   */
  public static apiKey(options: ApiKeySourceOptions): WebhookSource {
    return new WebhookSource(apiKeySource(options));
  }

  /**
   * Webhooks that any one of several verifications proves, tried in turn: for the time in which a sender moves from one to another.
   * Every one more is one more way in.
   *
   * @param sources two or more, without options of their own beyond how they verify
   */
  public static anyOf(sources: WebhookSource[], options: WebhookSourceOptions = {}): WebhookSource {
    return new WebhookSource(anyOfSources(sources.map((source) => source.definition), options));
  }

  /**
   * Webhooks that nothing proves: anybody who learns the URL can post. Every synth warns of it
   * (\`cdk-webhooks:unverified-source\`).
   */
  public static unverified(options: UnverifiedSourceOptions): WebhookSource {
    return new WebhookSource(unverifiedSource(options));
  }

  private constructor(private readonly definition: SourceDefinition) {}

  /**
   * What the options came to.
   *
   * @internal
   */
  public get _definition(): SourceDefinition {
    return this.definition;
  }
}
`;
}
