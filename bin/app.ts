// What `cdk deploy -c target=https://…` deploys: three sources and one target.
//
//   -c target=URL          where events go
//   -c githubSecret=NAME   a secret in Secrets Manager that GitHub signs with; without it one is generated
//   -c stripeSecret=NAME   the same for Stripe, whose secret exists before the webhook does
//   -c standardSecret=NAME the same for any sender that follows Standard Webhooks
import { App } from 'aws-cdk-lib';
import { WebhookSecret, WebhookSource, WebhookStack, WebhookTarget } from '../lib';

const app = new App();
const target: string | undefined = app.node.tryGetContext('target');

if (target) {
  new WebhookStack(app, 'Webhooks', {
    sources: {
      github: WebhookSource.github({ secret: secret('githubSecret') }),
      stripe: WebhookSource.stripe({ secret: secret('stripeSecret') }),
      standard: WebhookSource.standardWebhooks({ secret: secret('standardSecret') }),
    },
    targets: {
      receiver: WebhookTarget.http(target),
    },
  });
} else {
  console.error('no target: say where events go with -c target=https://…');
  process.exitCode = 2;
}

function secret(contextKey: string): WebhookSecret {
  const name: string | undefined = app.node.tryGetContext(contextKey);
  return name ? WebhookSecret.fromSecretName(name) : WebhookSecret.generate();
}
