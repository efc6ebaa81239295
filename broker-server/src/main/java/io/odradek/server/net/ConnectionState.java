package io.odradek.server.net;

/**
 * What a connection does with its requests. Its socket is read in {@link Reading} and in no other state. Responses are
 * sent in all but {@link Closed}.
 *
 * <pre>
 *            own bound reached            bound passed, turn come
 *  Reading ---------------------> Full -----------------------------> Reading
 *  Reading --- no permit -------> AwaitingPermit -------------------> Reading (or Full: the turn goes to the next)
 *  Reading --- share is used ---> AwaitingMemory -------------------> Reading, AwaitingPermit
 *          its client is told to rest                 it has rested
 *  any of these -----------------> Throttled -----------------------> Reading, Full, AwaitingPermit, AwaitingMemory
 *  any of these --- the broker stops ------------> Draining
 *  any of these, Draining --- closed, by either side, or failed ---> Closed
 * </pre>
 */
sealed interface ConnectionState {
    ConnectionState READING = new Reading();
    ConnectionState FULL = new Full();
    ConnectionState AWAITING_PERMIT = new AwaitingPermit();
    ConnectionState AWAITING_MEMORY = new AwaitingMemory();
    ConnectionState THROTTLED = new Throttled();
    ConnectionState DRAINING = new Draining();
    ConnectionState CLOSED = new Closed();

    /** {@return whether requests are taken as soon as nothing is in the way} */
    default boolean isOpen() {
        return true;
    }

    /** {@return whether it stands in a line} */
    default boolean isInLine() {
        return false;
    }

    /** It takes requests as they come. */
    record Reading() implements ConnectionState {}

    /** As many of its requests are unanswered, or bytes of answers unsent, as it may have. */
    record Full() implements ConnectionState {}

    /** A whole request stands in the line for a permit. */
    record AwaitingPermit() implements ConnectionState {
        @Override
        public boolean isInLine() {
            return true;
        }
    }

    /** A cut request stands in the line for memory for its rest. */
    record AwaitingMemory() implements ConnectionState {
        @Override
        public boolean isInLine() {
            return true;
        }
    }

    /** Its client has had more than it may, and has been told to rest; it stands in no line meanwhile, and holds nothing (KIP-219). */
    record Throttled() implements ConnectionState {}

    /** The broker stops: nothing more is taken, what was taken is answered. */
    record Draining() implements ConnectionState {
        @Override
        public boolean isOpen() {
            return false;
        }
    }

    /** Nothing more is taken or sent. */
    record Closed() implements ConnectionState {
        @Override
        public boolean isOpen() {
            return false;
        }
    }
}
