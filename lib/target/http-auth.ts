import { RemovalPolicy, Token } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { HttpAuthSettings, SecretReference } from '../contract/config';
import { checkGiven } from '../private/checks';
import { keyHeader } from '../private/outgoing-headers';
import { WebhookSecret } from '../webhook-secret';
import { checkAbsolute } from './target-url';

/** RFC 7617: the first colon ends the name, and no control characters. */
const USER_NAME = /^[^:\x00-\x1f\x7f]+$/;

/** RFC 6749, 3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const SERVICE = /^[a-z0-9-]+$/;

/**
 * Options of `HttpAuth.oauth2()`.
 */
export interface OAuth2Options {
  /**
   * The token endpoint: an `https` URL of a public host, without user name and password.
   */
  readonly tokenUrl: string;

  /**
   * The client's id.
   */
  readonly clientId: string;

  /**
   * The client's secret.
   */
  readonly clientSecret: WebhookSecret;

  /**
   * What to ask for.
   *
   * @default - no scope is asked for
   */
  readonly scopes?: string[];
}

/**
 * How an HTTP target knows who delivers, beside the signature that every delivery has.
 *
 * Secrets are those that the target knows already: put them into Secrets Manager or Parameter Store and name them by
 * `WebhookSecret.fromSecretName()`, `fromSecretsManager()` or `fromSsmParameter()`. Functions take a new version within five minutes.
 */
export class HttpAuth {
  /**
   * HTTP Basic.
   *
   * @param username one or more characters, no colon and no control characters
   * @param password the password
   */
  public static basic(username: string, password: WebhookSecret): HttpAuth {
    if (!Token.isUnresolved(username) && !USER_NAME.test(username)) {
      throw new Error(`username ${JSON.stringify(username)} is not allowed: HTTP Basic takes one or more characters, no colon and no control characters`);
    }
    return new HttpAuth({ password }, (read) => ({ kind: 'basic', username, password: read(password) }), ['authorization']);
  }

  /**
   * A token in the header `Authorization: Bearer …`.
   *
   * @param token the token, without `Bearer`
   */
  public static bearer(token: WebhookSecret): HttpAuth {
    return new HttpAuth({ token }, (read) => ({ kind: 'bearer', token: read(token) }), ['authorization']);
  }

  /**
   * A key in a header.
   *
   * @param header the header's name, in any case, e.g. `X-Api-Key`
   * @param key the header's whole value
   */
  public static apiKey(header: string, key: WebhookSecret): HttpAuth {
    const name = keyHeader(header, 'header of an API key');
    return new HttpAuth({ key }, (read) => ({ kind: 'api-key', header: name, key: read(key) }), [name]);
  }

  /**
   * A token that the function fetches with the client's credentials (RFC 6749, 4.4) and keeps until it ends or is refused.
   */
  public static oauth2(options: OAuth2Options): HttpAuth {
    const { tokenUrl, clientId, clientSecret, scopes } = options;
    checkAbsolute(tokenUrl);
    const wrong = scopes?.find((scope) => !Token.isUnresolved(scope) && !SCOPE.test(scope));
    if (wrong !== undefined) throw new Error(`scope ${JSON.stringify(wrong)} is not allowed: a scope is printable ASCII without space, quote and backslash`);
    if (clientId === '') throw new Error('clientId "" is empty: the token endpoint knows the client by it');
    return new HttpAuth(
      { clientSecret },
      (read) => ({ kind: 'oauth2', tokenUrl, clientId, clientSecret: read(clientSecret), ...(scopes && { scopes }) }),
      ['authorization'],
      tokenUrl,
    );
  }

  /**
   * A client certificate in the TLS handshake.
   *
   * @param certificate the certificate, and those up to the root that the target trusts, in PEM
   * @param privateKey its key, in PEM, without a passphrase
   */
  public static mutualTls(certificate: WebhookSecret, privateKey: WebhookSecret): HttpAuth {
    return new HttpAuth(
      { certificate, privateKey },
      (read) => ({ kind: 'mutual-tls', certificate: read(certificate), privateKey: read(privateKey) }),
      [],
    );
  }

  /**
   * A signature with the credentials of the delivery function's role, for API Gateway, function URLs and the like. Give the role
   * leave to call the target: it is `gateway.target(name).deliveryFunction.role`.
   *
   * @param service the signing name, e.g. `execute-api` or `lambda`
   * @param region the Region of the target; the gateway's own if left out
   */
  public static sigV4(service: string, region?: string): HttpAuth {
    if (!Token.isUnresolved(service) && !SERVICE.test(service)) {
      throw new Error(`service ${JSON.stringify(service)} is not a signing name: use lower-case letters, digits and hyphens, e.g. "execute-api"`);
    }
    if (region !== undefined && !Token.isUnresolved(region) && !SERVICE.test(region)) {
      throw new Error(`region ${JSON.stringify(region)} is not a Region: write e.g. "eu-west-1", or leave it out for the gateway's own`);
    }
    return new HttpAuth({}, () => ({ kind: 'sigv4', service, ...(region !== undefined && { region }) }), ['authorization']);
  }

  private constructor(
    secrets: { [name: string]: WebhookSecret },
    private readonly render: (read: (secret: WebhookSecret) => SecretReference) => HttpAuthSettings,
    private readonly headers: string[],
    private readonly endpoint?: string,
  ) {
    for (const [name, secret] of Object.entries(secrets)) {
      checkGiven(`the ${name}`, secret?._bind, 'WebhookSecret');
      if (!secret._generated) continue;
      throw new Error(`the ${name} must be a secret that the target knows already, and WebhookSecret.generate() makes one up: use fromSecretName(), fromSecretsManager() or fromSsmParameter()`);
    }
  }

  /**
   * Lower-case names of the headers that it sets.
   *
   * @internal
   */
  public get _headers(): string[] {
    return this.headers;
  }

  /**
   * Where tokens come from.
   *
   * @internal
   */
  public get _tokenUrl(): string | undefined {
    return this.endpoint;
  }

  /**
   * Finds the secrets and lets the role read them.
   *
   * @internal
   */
  public _bind(scope: Construct, role: IRole, removalPolicy: RemovalPolicy): HttpAuthSettings {
    return this.render((secret) => {
      const bound = secret._bind(scope, removalPolicy);
      bound.grantRead(role);
      return bound.reference;
    });
  }
}
