package io.odradek.server.net;

/** The requests of a connection that have not been answered, in the order they came. On the connection's loop only. */
final class ResponseOrder {
    private RequestSlot first;
    private RequestSlot last;
    private int size;

    /** Adds the request that came last. */
    void add(RequestSlot slot) {
        if (last == null) {
            first = slot;
        } else {
            last.next = slot;
        }
        last = slot;
        size++;
    }

    /** Takes the oldest request if it has been completed. {@return null if not, or if there is none} */
    RequestSlot pollReady() {
        RequestSlot slot = first;
        if (slot == null || !slot.ready()) {
            return null;
        }
        first = slot.next;
        slot.next = null;
        if (first == null) {
            last = null;
        }
        size--;
        return slot;
    }

    /** Forgets all of them: the client has left. */
    void clear() {
        RequestSlot slot = first;
        first = null;
        last = null;
        size = 0;
        while (slot != null) {
            RequestSlot following = slot.next;
            // One that is still in work must not hold those behind it, with their answers.
            slot.next = null;
            slot.gone();
            slot = following;
        }
    }

    /** {@return how many there are} */
    int size() {
        return size;
    }
}
