/**
 * The token bucket of a route. It runs on real time, because it limits real requests: on a manual clock that stands still it would
 * never fill again. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /**
   * @param rate tokens per second
   * @param burst tokens that the bucket holds
   * @param now milliseconds
   */
  constructor(private readonly rate: number, private readonly burst: number, now: number) {
    this.tokens = burst;
    this.filledAt = now;
  }

  take(now: number): boolean {
    this.tokens = Math.min(this.burst, this.tokens + (now - this.filledAt) / 1000 * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }
}
