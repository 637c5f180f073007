import { randomInt, randomUUID } from 'node:crypto';
import { randomText } from './random-text';
import { sample, unixTime, type Sample, type SampleEvent } from './sample';

const hubspotEvents = ({ id, type, time }: SampleEvent): readonly unknown[] => [
  { eventId: Number(id), subscriptionId: 12345, portalId: 62515, appId: 54321, occurredAt: time.getTime(), subscriptionType: type, attemptNumber: 0, objectId: 123, changeSource: 'CRM' },
];
const hubspotId = { id: () => String(randomInt(2 ** 40)) };

/** Documents, customers, content and identity. */
export const business: { readonly [scheme: string]: Sample } = {
  'notion': sample('page.created', ({ id, type, time }) => ({
    id, type, timestamp: time.toISOString(), workspace_id: randomUUID(), subscription_id: randomUUID(), entity: { id: randomUUID(), type: 'page' }, attempt_number: 1,
  })),
  'asana': sample('changed', ({ type, time }) => ({
    events: [{ user: { gid: '12345', resource_type: 'user' }, created_at: time.toISOString(), action: type, resource: { gid: '1337', resource_type: 'task' }, parent: null }],
  }), { id: false }),
  'airtable': sample('changes', ({ time }) => ({ base: { id: `app${randomText(14)}` }, webhook: { id: `ach${randomText(14)}` }, timestamp: time.toISOString() }), { id: false }),
  'intercom': sample('conversation.user.created', ({ id, type, time }) => ({
    type: 'notification_event', app_id: 'abc123', id, topic: type, created_at: unixTime(time), delivery_attempts: 1,
    data: { type: 'notification_event_data', item: { type: 'conversation', id: '1234' } },
  }), { headers: { 'user-agent': 'intercom-webhook' }, id: () => `notif_${randomUUID()}` }),
  'zendesk': sample('zen:event-type:ticket.created', ({ id, type, time }) => ({
    id, type, account_id: 22129848, time: time.toISOString(), subject: 'zen:ticket:35436', zendesk_event_version: '2022-11-06', detail: { id: '35436', status: 'NEW' }, event: {},
  }), { id: () => randomText(26).toUpperCase() }),
  'nylas': sample('message.created', ({ id, type, time }) => ({
    specversion: '1.0', type, source: '/google/emails/realtime', id, time: unixTime(time), webhook_delivery_attempt: 1,
    data: { application_id: randomUUID(), object: { id: randomText(16), object: 'message', subject: 'hello' } },
  })),
  'hubspot': sample('contact.creation', hubspotEvents, hubspotId),
  'hubspot-v1': sample('contact.creation', hubspotEvents, hubspotId),
  'hubspot-v2': sample('contact.creation', hubspotEvents, { id: false }),
  'typeform': sample('form_response', ({ id, type, time }) => ({
    event_id: id, event_type: type, form_response: { form_id: 'lT4Z3j', token: randomText(32), submitted_at: time.toISOString(), answers: [{ type: 'text', text: 'hello', field: { id: '1' } }] },
  }), { id: () => randomText(26) }),
  'calendly': sample('invitee.created', ({ type, time }) => ({
    event: type, created_at: time.toISOString(), created_by: 'https://api.calendly.com/users/AAAAAAAAAAAAAAAA',
    payload: { uri: `https://api.calendly.com/scheduled_events/A/invitees/${randomText(16)}`, email: 'jenny.rosen@example.com', name: 'Jenny Rosen', status: 'active' },
  }), { id: false }),
  'calcom': sample('BOOKING_CREATED', ({ type, time }) => ({
    triggerEvent: type, createdAt: time.toISOString(), payload: { uid: randomText(22), title: '30 minutes', startTime: time.toISOString(), attendees: [{ email: 'jenny.rosen@example.com' }] },
  }), { id: false }),
  'contentful': sample('ContentManagement.Entry.publish', ({ time }) => ({
    sys: { type: 'Entry', id: randomText(22), space: { sys: { type: 'Link', linkType: 'Space', id: 'example' } }, createdAt: time.toISOString() }, fields: { title: { 'en-US': 'hello' } },
  }), { headers: { 'content-type': 'application/vnd.contentful.management.v1+json' } }),
  'sanity': sample('update', ({ time }) => ({ _id: randomUUID(), _type: 'post', _rev: randomText(22), _updatedAt: time.toISOString(), title: 'hello' }), {
    headers: { 'sanity-project-id': 'abc12345', 'sanity-dataset': 'production', 'sanity-document-id': randomUUID() },
  }),
  'kontent': sample('content_item', ({ type, time }) => ({
    notifications: [{
      data: { system: { id: randomUUID(), name: 'Hello', codename: 'hello', type: 'article', language: 'default', last_modified: time.toISOString() } },
      message: { environment_id: randomUUID(), object_type: type, action: 'published', delivery_slot: 'published' },
    }],
  }), { id: false }),
  'webflow': sample('form_submission', ({ type, time }) => ({ triggerType: type, payload: { name: 'Contact Us', siteId: '65427cf400e02b306eaa049c', data: { Email: 'jenny.rosen@example.com' }, submittedAt: time.toISOString() } }), { id: false }),
  'dropbox': sample('list_folder', () => ({ list_folder: { accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'] }, delta: { users: [12345678] } }), { id: false, headers: { 'user-agent': 'DropboxWebhooks/1.0' } }),
  'box': sample('FILE.UPLOADED', ({ type, time }) => ({
    type: 'webhook_event', id: randomUUID(), created_at: time.toISOString(), trigger: type, webhook: { id: '53', type: 'webhook' }, source: { id: '73835521473', type: 'file', name: 'Test.txt' },
  })),
  'docusign': sample('envelope-completed', ({ type, time }) => ({
    event: type, apiVersion: 'v2.1', retryCount: 0, generatedDateTime: time.toISOString(), data: { accountId: randomUUID(), envelopeId: randomUUID() },
  }), { id: false }),
  'dropbox-sign': sample('signature_request_sent', ({ type, time }) => Buffer.from([
    '--sample', 'Content-Disposition: form-data; name="json"', '',
    JSON.stringify({
      event: { event_time: String(unixTime(time)), event_type: type, event_hash: '', event_metadata: {} },
      signature_request: { signature_request_id: randomText(40), title: 'Contract', is_complete: false },
    }),
    '--sample--', '',
  ].join('\r\n')), { headers: { 'content-type': 'multipart/form-data; boundary=sample', 'user-agent': 'HelloSign API' } }),
  'workos': sample('dsync.user.created', ({ id, type, time }) => ({
    id, event: type, created_at: time.toISOString(), data: { id: `directory_user_${randomText(26)}`, object: 'directory_user', state: 'active', first_name: 'Jenny' },
  }), { id: () => `event_${randomText(26)}` }),
  'onfido': sample('check', ({ type, time }) => ({
    payload: { resource_type: type, action: 'check.completed', object: { id: randomUUID(), status: 'complete', completed_at_iso8601: time.toISOString() } },
  }), { id: false }),
  'okta': sample('user.session.start', ({ id, type, time }) => ({
    eventType: 'com.okta.event_hook', eventTypeVersion: '1.0', cloudEventsVersion: '0.1', eventId: id, eventTime: time.toISOString(), source: 'https://example.okta.com/api/v1/eventHooks/1',
    data: { events: [{ uuid: randomUUID(), eventType: type, published: time.toISOString(), severity: 'INFO', displayMessage: 'User login to Okta' }] },
  })),
  'auth0': sample('s', ({ id, type, time }) => [
    { log_id: id, data: { date: time.toISOString(), type, client_name: 'Example', user_id: 'auth0|1', log_id: id } },
  ], { id: () => randomText(60) }),
};
