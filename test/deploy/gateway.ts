import { type App, Duration, type Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  HmacAlgorithm, type HttpTargetOptions, OrderingKey, RequestField, RetryPolicy, SignatureHeader, WebhookSecret, WebhookSource, WebhookStack,
  WebhookTarget,
} from '../../lib';

/** Secrets that are there before the stack is; the others are generated. */
export const namedSecrets = (stack: string) => ({ github: `${stack}/github`, stripe: `${stack}/stripe`, audit: `${stack}/audit` });

/** The parameter with the secret of `partner`, which is there before the stack is, too. */
export const namedParameter = (stack: string) => `/${stack}/partner`;

/** The field of Stripe's secret, which is a JSON object. */
export const STRIPE_FIELD = 'signingSecret';

/** Which targets an event of each source goes to, before the change of the stack and after it. */
export const ROUTES: { readonly [source: string]: readonly string[] } = {
  github: ['audit'], stripe: ['billing', 'audit'], orders: ['audit', 'former'], partner: ['audit', 'ledger'],
};
export const CHANGED_ROUTES: typeof ROUTES = {
  github: ['audit', 'ops'], stripe: ['billing', 'audit', 'ops'], orders: ['audit', 'ops'], partner: ['audit', 'ledger', 'ops'], crm: ['audit', 'ops'],
};

export interface GatewayOptions {
  readonly stack: string;
  /** With a source and a target more, and without the target that wants no events any more. */
  readonly changed?: boolean;
  /** Networks that targets are in, though these are not public. */
  readonly allowedPrivateCidrs?: string[];
  /** Where a target is, in the scope of the stack, so that it may be a parameter. */
  readonly url: (scope: Stack, target: string) => string;
}

/** The gateway of these checks: a source of each way to sign, and a target of each way to deliver. */
export function addGateway(app: App, { stack: name, changed = false, allowedPrivateCidrs, url }: GatewayOptions): WebhookStack {
  const secrets = namedSecrets(name);
  const github = WebhookSecret.fromSecretName(secrets.github);
  const stack = new WebhookStack(app, name, {
    sources: {
      github: WebhookSource.github({ secret: github }),
      stripe: WebhookSource.stripe({ secret: WebhookSecret.fromSecretName(secrets.stripe, STRIPE_FIELD) }),
      orders: WebhookSource.standardWebhooks({ secret: WebhookSecret.generate() }),
    },
  });
  const parameter = StringParameter.fromSecureStringParameterAttributes(stack, 'PartnerSecret', { parameterName: namedParameter(name) });
  stack.gateway.addSource('partner', WebhookSource.hmac({
    secret: WebhookSecret.fromSsmParameter(parameter),
    signature: SignatureHeader.keyValue('X-Partner-Signature', { name: 'v1' }),
    signedContent: '{ts}.{body}',
    algorithm: HmacAlgorithm.SHA512,
    timestamp: RequestField.signatureParameter('t'),
    eventId: RequestField.jsonPath('$.id'),
    eventType: RequestField.jsonPath('$.type'),
  }));
  const audit = WebhookSecret.fromSecretName(secrets.audit);
  const retryPolicy = RetryPolicy.standard(Duration.days(2));
  const addTarget = (target: string, options: HttpTargetOptions): void => {
    stack.gateway.addTarget(target, WebhookTarget.http(url(stack, target), { ...options, ...(allowedPrivateCidrs && { allowedPrivateCidrs }) }));
  };
  addTarget('billing', { sources: ['stripe'] });
  addTarget('audit', { signingSecret: audit, retryPolicy });
  addTarget('ledger', { sources: ['partner'], signingSecret: audit, orderingKey: OrderingKey.jsonPath('$.account') });
  if (changed) {
    stack.gateway.addSource('crm', WebhookSource.github({ secret: github }));
    addTarget('ops', { signingSecret: audit });
  } else {
    addTarget('former', { sources: ['orders'], signingSecret: audit });
  }
  return stack;
}
