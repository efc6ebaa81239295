package io.odradek.core.orders;

import io.odradek.protocol.api.AllocateProducerIdsResponse;
import io.odradek.protocol.api.AlterPartitionResponse;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.ControlledShutdownResponse;
import io.odradek.protocol.api.CreateTopicsResponse;
import io.odradek.protocol.api.CreateTopicsResponse.CreatableTopicResult;
import io.odradek.protocol.errors.ErrorCode;

/** Finds in an answer that it is not of a controller: each API has its own place for that. */
final class NotController {
    private NotController() {}

    static boolean isSaidBy(ApiResponse response) {
        if (response instanceof CreateTopicsResponse creation) {
            for (CreatableTopicResult topic : creation.topics()) {
                if (topic.errorCode() == ErrorCode.NOT_CONTROLLER) {
                    return true;
                }
            }
            return false;
        }
        return error(response) == ErrorCode.NOT_CONTROLLER;
    }

    private static ErrorCode error(ApiResponse response) {
        if (response instanceof AlterPartitionResponse answer) {
            return answer.errorCode();
        }
        if (response instanceof AllocateProducerIdsResponse answer) {
            return answer.errorCode();
        }
        return response instanceof ControlledShutdownResponse answer ? answer.errorCode() : ErrorCode.NONE;
    }
}
