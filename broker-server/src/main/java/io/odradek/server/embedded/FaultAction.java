package io.odradek.server.embedded;

import io.odradek.protocol.errors.ErrorCode;

/** What a fault does to a request that it strikes. */
sealed interface FaultAction {
    /** It is answered with an error and not done. */
    record Fail(ErrorCode error) implements FaultAction {}

    /** It is done later, and what comes behind it on its connection after it. */
    record Delay(long delayMs) implements FaultAction {}

    /** It is done, and never answered. */
    record DropAnswer() implements FaultAction {}

    /** Its connection is closed, and it is not done. */
    record CloseBefore() implements FaultAction {}

    /** It is done, and its connection is closed instead of an answer. */
    record CloseAfter() implements FaultAction {}
}
