package io.odradek.server.tools;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What a failure is to the user: one line that says what happened, where, and, where something can be done, what. */
public final class Failures {
    private Failures() {}

    /**
     * {@return the line}
     *
     * @param failure what was thrown
     * @param connection to whom the tool spoke; null for none
     */
    public static String line(Throwable failure, Connection connection) {
        Throwable cause = cause(failure);
        String broker = connection == null ? "The broker" : "The broker at " + connection.servers();
        if (cause instanceof ToolException) {
            return oneLine(cause.getMessage());
        }
        if (cause instanceof TimeoutException) {
            return broker
                    + " took the connection and has not answered: is it a broker's port, and can all addresses in its"
                    + " advertised.listeners be reached from here? (" + text(cause) + ")";
        }
        if (cause instanceof OutOfMemoryError) {
            return broker + " has sent more than there is memory for: is it a broker's port, and without TLS? If so,"
                    + " BROKER_HEAP_OPTS=-Xmx1g gives the tool more";
        }
        if (cause instanceof DisconnectException) {
            return broker + " has closed the connection";
        }
        if (cause instanceof AuthenticationException) {
            return broker + " does not let this client in: " + text(cause);
        }
        if (cause instanceof UnsupportedVersionException) {
            return broker + " does not serve this: " + text(cause);
        }
        if (cause instanceof NoSuchFileException) {
            return "There is no file " + cause.getMessage();
        }
        if (cause instanceof KafkaException || cause instanceof IOException) {
            return text(cause);
        }
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? text(cause)
                : cause.getClass().getSimpleName() + ": " + text(cause);
    }

    /** {@return what lies inside the exceptions of futures, and of a client that could not be made} */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof ExecutionException
                        || cause instanceof CompletionException
                        || cause.getClass() == KafkaException.class)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : oneLine(cause.getMessage());
    }

    static String oneLine(String message) {
        return message == null ? "" : Terminal.harmless(message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " "));
    }
}
