package io.odradek.core.coordinator.runtime;

import io.odradek.protocol.errors.ErrorCode;

/** What the errors of a log mean to the clients of the coordinator that keeps its state there. */
final class AppendErrors {
    private AppendErrors() {}

    static ErrorCode forClients(ErrorCode ofLog) {
        return switch (ofLog) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR, FENCED_LEADER_EPOCH -> ErrorCode.NOT_COORDINATOR;
            case RECORD_LIST_TOO_LARGE, INVALID_FETCH_SIZE -> ErrorCode.MESSAGE_TOO_LARGE;
            default -> ofLog;
        };
    }
}
