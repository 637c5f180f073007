/**
 * The form in which a target gets its events.
 */
export enum EventFormat {
  /**
   * What is usual for the kind of target: the very bytes that the sender posted, with id, source, type and time beside them. A service
   * that has no place beside the bytes gets a JSON document with all of it.
   */
  ORIGINAL = 'original',

  /**
   * A CloudEvent 1.0 in structured mode, whatever the kind of target: one JSON document of the content type
   * `application/cloudevents+json`. A JSON body is its `data`, as it came; any other body is `data_base64`.
   */
  CLOUD_EVENTS = 'cloudevents',
}
