package io.odradek.server.embedded;

import io.odradek.protocol.errors.ErrorCode;

/** What a fault does to a request that it strikes. */
sealed interface FaultAction {
    /** {@return that in words} */
    String describe();

    /** It is answered with an error and not done. */
    record Fail(ErrorCode error) implements FaultAction {
        @Override
        public String describe() {
            return "fails with " + error;
        }
    }

    /** It is done later, and what comes behind it on its connection after it. */
    record Delay(long delayMs) implements FaultAction {
        @Override
        public String describe() {
            return "is delayed by " + delayMs + " ms";
        }
    }

    /** It is done, and never answered. */
    record DropAnswer() implements FaultAction {
        @Override
        public String describe() {
            return "is done and not answered";
        }
    }

    /** Its connection is closed, and it is not done. */
    record CloseBefore() implements FaultAction {
        @Override
        public String describe() {
            return "has its connection closed";
        }
    }

    /** It is done, and its connection is closed instead of an answer. */
    record CloseAfter() implements FaultAction {
        @Override
        public String describe() {
            return "is done, and its connection closed";
        }
    }
}
