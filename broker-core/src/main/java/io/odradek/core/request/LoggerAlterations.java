package io.odradek.core.request;

import io.odradek.core.config.BrokerLoggers;
import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Changes of the levels of a broker's loggers (KIP-412), all or nothing. Errors are those of Kafka 3.9: INVALID_REQUEST for what
 * is neither set nor deleted, and for the root's level to be deleted; INVALID_CONFIG for a logger or a level that there is not.
 */
final class LoggerAlterations {
    private LoggerAlterations() {}

    static void alter(BrokerLoggers loggers, List<Operation> operations, boolean validateOnly) {
        SortedMap<String, String> levels = new TreeMap<>();
        for (Operation operation : operations) {
            check(loggers, operation);
            levels.put(operation.name(), operation.kind() == Kind.SET ? operation.value() : null);
        }
        if (!validateOnly && !levels.isEmpty()) {
            loggers.take(levels);
        }
    }

    private static void check(BrokerLoggers loggers, Operation operation) {
        String logger = operation.name();
        if (operation.kind() != Kind.SET && operation.kind() != Kind.DELETE) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST,
                    operation.kind() + " operation is not allowed for the BROKER_LOGGER resource");
        }
        if (loggers == BrokerLoggers.NONE) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    "This broker is a guest in another program's process, whose loggers are not the broker's to change");
        }
        if (!loggers.knows(logger)) {
            throw new ApiException(ErrorCode.INVALID_CONFIG, "Logger " + Quoted.text(logger) + " does not exist!");
        }
        if (operation.kind() == Kind.DELETE && logger.equals(BrokerLoggers.ROOT)) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, "Removing the log level of the root logger is not allowed");
        }
        if (operation.kind() == Kind.SET && !BrokerLoggers.LEVELS.contains(operation.value())) {
            throw new ApiException(
                    ErrorCode.INVALID_CONFIG,
                    "Cannot set the log level of " + Quoted.text(logger) + " to " + Quoted.text(operation.value())
                            + " as it is not a supported log level. Valid log levels are "
                            + String.join(", ", BrokerLoggers.LEVELS));
        }
    }
}
