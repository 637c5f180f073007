export default {
  'slack': {
    of: 'Slack: events, slash commands and interactions',
    secret: 'the signing secret of the app',
    note: 'Slack waits 3 seconds. A slash command that wants an answer with content gets none from a gateway.',
    see: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
  },
  'discord': {
    of: 'Discord: interactions and webhook events',
    secret: 'the app\'s public key: 64 hexadecimal digits',
    note: 'Discord tries out bad signatures and drops a URL that does not answer 401. An interaction is accepted with 204 and '
      + 'answered by the target later.',
    see: 'https://docs.discord.com/developers/interactions/overview',
  },
  'msteams-outgoing': {
    of: 'Microsoft Teams outgoing webhooks',
    factory: 'microsoftTeams',
    secret: 'the security token that Teams shows once, which is base64',
    note: 'Teams shows the answer to the user within 5 seconds: set `response` to what it should be.',
    see: 'https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook',
  },
  'telegram': {
    of: 'Telegram bots',
    secret: 'the `secret_token` given to `setWebhook`: 1 to 256 letters, digits, `_` and `-`',
    note: 'The token itself comes with every request.',
    see: 'https://core.telegram.org/bots/api#setwebhook',
  },
  'line': {
    of: 'LINE Messaging API',
    secret: 'the channel secret',
    note: 'A request may hold several events: it is one here, with all their ids.',
    see: 'https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/',
  },
  'viber': {
    of: 'Viber bots',
    secret: 'the account\'s authentication token',
    note: 'Numbers of messages are too long for JSON\'s, so most events have no id of the sender.',
    see: 'https://developers.viber.com/docs/api/rest-bot-api/',
  },
  'zoom': {
    of: 'Zoom',
    secret: 'the secret token of the app',
    note: 'Zoom checks the URL again every 72 hours, which is answered here.',
    see: 'https://developers.zoom.us/docs/api/webhooks/',
  },
  'twitch': {
    of: 'Twitch EventSub',
    secret: 'the one given when the subscription was made: 10 to 100 characters',
    note: 'The message that an authorization was revoked arrives as an event.',
    see: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  },
  'x-twitter': {
    of: 'X (Twitter) account activity',
    factory: 'x',
    secret: 'the app\'s consumer secret',
    note: 'X checks the URL about every hour, which is answered here.',
    see: 'https://docs.x.com/x-api/webhooks/quickstart',
  },
  'meta': {
    of: 'Meta: Facebook, Instagram, WhatsApp',
    options: 'MetaSourceOptions',
    secret: 'the app secret',
    note: 'One request may hold 1,000 changes. WhatsApp messages have ids, and nothing else has.',
    see: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  },
  'twilio': {
    of: 'Twilio, with form parameters',
    secret: 'the account\'s primary auth token',
    note: 'Twilio signs the URL: put a load balancer or a domain in front, and `publicUrl` must say it.',
    see: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  },
  'twilio-json': {
    of: 'Twilio, with a JSON body',
    secret: 'the account\'s primary auth token',
    note: 'Twilio adds `bodySHA256` to the URL, and both the URL\'s signature and the body\'s hash are checked.',
    see: 'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
  },
  'vonage': {
    of: 'Vonage signed webhooks',
    secret: 'the signature secret of the account',
    note: 'Only POST with a JSON body is signed as a whole.',
    see: 'https://developer.vonage.com/en/getting-started/concepts/webhooks',
  },
  'messagebird': {
    of: 'Bird (MessageBird)',
    secret: 'the signing key of the account',
    note: 'The URL with its query is signed, and the window is 5 seconds beyond what the token says.',
    see: 'https://developers.messagebird.com/api/#verifying-http-requests',
  },
  'telnyx': {
    of: 'Telnyx',
    secret: 'the account\'s public key: 32 bytes in base64',
    see: 'https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks',
  },
  'plivo': {
    of: 'Plivo, signature version 3',
    secret: 'the auth token of the account',
    note: 'No time is signed: a recorded request verifies for ever.',
    see: 'https://www.plivo.com/docs/voice/concepts/signature-validation',
  },
  'sendgrid': {
    of: 'the Twilio SendGrid event webhook',
    secret: 'the verification key that SendGrid shows: base64, without PEM lines',
    note: 'One request holds many events: it is one here, with all their ids.',
    see: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
  },
  'mailgun': {
    of: 'Mailgun',
    secret: 'the HTTP webhook signing key',
    note: 'Mailgun signs a time and a random token, and **not the body**: whoever has seen one request can send another body '
      + 'within the window. Ask Mailgun\'s API before you act on one.',
    see: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
  },
  'mandrill': {
    of: 'Mailchimp Transactional (Mandrill)',
    secret: 'the key of the webhook',
    note: 'Mandrill signs the URL as it is registered, to the last slash. Its test post while a webhook is added is signed with '
      + 'another key and refused.',
    see: 'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/#authenticating-webhook-requests',
  },
  'mailchimp': {
    of: 'Mailchimp Marketing',
    note: 'Mailchimp signs nothing: put `?token=…` behind the URL that you give it.',
    see: 'https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/',
  },
  'postmark': {
    of: 'Postmark',
    note: 'Postmark signs nothing: write user and password into the URL that you give it.',
    see: 'https://postmarkapp.com/developer/webhooks/webhooks-overview',
  },
  'customerio': {
    of: 'Customer.io reporting webhooks',
    secret: 'the webhook signing key',
    see: 'https://docs.customer.io/integrations/data-out/connections/webhooks/',
  },
  'klaviyo': {
    of: 'Klaviyo system webhooks',
    secret: 'the secret given when the webhook was made',
    note: 'What is signed was never published in full: it is put together from several independent implementations.',
    see: 'https://developers.klaviyo.com/en/docs/working_with_system_webhooks',
  },
};
