export interface ListNode<T> {
  readonly value: T;
  previous: ListNode<T> | null;
  next: ListNode<T> | null;
}

/**
 * A list whose nodes leave in O(1) from anywhere. A `Set` keeps order too, but finding its first element again after many
 * were deleted walks over the holes.
 */
export class LinkedList<T> {
  head: ListNode<T> | null = null;
  tail: ListNode<T> | null = null;
  size = 0;

  append(value: T): ListNode<T> {
    const node: ListNode<T> = { value, previous: this.tail, next: null };
    if (this.tail) this.tail.next = node;
    else this.head = node;
    this.tail = node;
    this.size++;
    return node;
  }

  /** The removed node keeps its `next`, so a walk that stands on it can go on. */
  remove(node: ListNode<T>): void {
    if (node.previous) node.previous.next = node.next;
    else this.head = node.next;
    if (node.next) node.next.previous = node.previous;
    else this.tail = node.previous;
    this.size--;
  }

  clear(): void {
    this.head = this.tail = null;
    this.size = 0;
  }
}
