import { randomInt, randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, unixTime, type Sample } from './sample';

/** Chat and social networks. */
export const chat: { readonly [scheme: string]: Sample } = {
  'slack': sample('app_mention', ({ id, type, time }) => ({
    token: 'XXYYZZ', team_id: 'T123ABC456', api_app_id: 'A123ABC456', type: 'event_callback', event_id: id, event_time: unixTime(time),
    event: { type, user: 'U123ABC456', text: 'hello', channel: 'C123ABC456', ts: `${unixTime(time)}.000100` },
  }), { headers: { 'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)' }, id: () => `Ev${randomText(9).toUpperCase()}` }),
  'discord': sample('APPLICATION_AUTHORIZED', ({ type, time }) => ({
    version: 1, application_id: '1234560123453231555', type: 1,
    event: { type, timestamp: time.toISOString(), data: { integration_type: 1, scopes: ['applications.commands'], user: { id: '80351110224678912', username: 'nelly' } } },
  }), { headers: { 'user-agent': 'Discord-Webhook/1.0 (+https://discord.com)' }, id: false }),
  'msteams-outgoing': sample('message', ({ id, type, time }) => ({
    type, id, timestamp: time.toISOString(), serviceUrl: 'https://smba.trafficmanager.net/emea/', channelId: 'msteams',
    from: { id: '29:1', name: 'Megan' }, conversation: { id: '19:general' }, text: '<at>hook</at> hello',
  }), { id: () => String(Date.now()) + randomInt(1000) }),
  'telegram': sample('message', ({ id, type, time }) => ({
    update_id: Number(id),
    [type]: { message_id: 1365, from: { id: 1111111, is_bot: false, first_name: 'Test' }, chat: { id: 1111111, type: 'private' }, date: unixTime(time), text: '/start' },
  }), { id: () => String(randomInt(1e9)) }),
  'line': sample('message', ({ id, type, time }) => ({
    destination: 'U0123456789abcdef0123456789abcdef',
    events: [{
      type, webhookEventId: id, timestamp: time.getTime(), mode: 'active', source: { type: 'user', userId: 'U4af4980629' }, replyToken: randomText(32),
      deliveryContext: { isRedelivery: false }, message: { type: 'text', id: '14353798921116', text: 'hello' },
    }],
  }), { headers: { 'user-agent': 'LineBotWebhook/2.0' }, id: () => randomText(26).toUpperCase() }),
  'viber': sample('message', ({ id, type, time }) => ({
    event: type, timestamp: time.getTime(), message_token: Number(id), sender: { id: '01234567890A=', name: 'John' }, message: { type: 'text', text: 'hello' },
  }), { id: () => String(randomInt(2 ** 47)) }),
  'zoom': sample('meeting.started', ({ type, time }) => ({
    event: type, event_ts: time.getTime(), payload: { account_id: 'AAAAAABBBB', object: { id: '1234567890', uuid: '4444AAAiAAAAAiAiAiiAii==', topic: 'My meeting', type: 2 } },
  }), { id: () => `v=2.0;clid=us05;rid=WEB_${randomText(24)}` }),
  'twitch': sample('channel.follow', ({ type, time }) => ({
    subscription: { id: randomUUID(), type, version: '2', status: 'enabled', created_at: time.toISOString() },
    event: { user_id: '1234', user_login: 'cool_user', broadcaster_user_id: '1337', followed_at: time.toISOString() },
  }), { headers: { 'twitch-eventsub-message-type': 'notification', 'twitch-eventsub-message-retry': '0', 'twitch-eventsub-subscription-version': '2' } }),
  'x-twitter': sample('tweet_create_events', ({ type, time }) => ({
    for_user_id: '2244994945', [type]: [{ id_str: '1234567890123456789', text: 'hello', created_at: time.toUTCString(), user: { id_str: '1' } }],
  }), { id: false }),
  'meta': sample('whatsapp_business_account', ({ id, type, time }) => ({
    object: type,
    entry: [{
      id: '102290129340398',
      changes: [{ field: 'messages', value: { messaging_product: 'whatsapp', messages: [{ from: '16505551234', id, timestamp: String(unixTime(time)), type: 'text', text: { body: 'hello' } }] } }],
    }],
  }), { headers: { 'user-agent': 'facebookexternalua' }, id: () => `wamid.${randomText(40)}` }),
};
