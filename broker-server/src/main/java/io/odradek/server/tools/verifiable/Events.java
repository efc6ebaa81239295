package io.odradek.server.tools.verifiable;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** Prints what happens as lines of JSON, each at once; of several threads. */
final class Events {
    private final Terminal terminal;

    Events(Terminal terminal) {
        this.terminal = terminal;
    }

    /** @param namesAndValues the fields behind its time and name */
    synchronized void print(String name, Object... namesAndValues) {
        Map<String, Object> event = Json.object("timestamp", System.currentTimeMillis(), "name", name);
        event.putAll(Json.object(namesAndValues));
        terminal.line(Json.text(event));
        terminal.out().flush();
    }

    /** {@return whether somebody still reads them} */
    boolean areRead() {
        return !terminal.out().checkError();
    }

    static Map<String, Object> of(TopicPartition partition) {
        return Json.object("topic", partition.topic(), "partition", partition.partition());
    }
}
