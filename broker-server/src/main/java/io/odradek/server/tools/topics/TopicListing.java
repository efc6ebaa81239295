package io.odradek.server.tools.topics;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;
import java.util.List;
import org.apache.kafka.common.internals.Topic;

/** The names of topics, one a line. */
record TopicListing(Terminal terminal, boolean json) {
    void print(List<String> topics) {
        if (json) {
            for (String topic : topics) {
                terminal.line(Json.text(Json.object("topic", topic, "internal", Topic.isInternal(topic))));
            }
        } else {
            // No topics are an empty line, as with Kafka.
            terminal.line(String.join("\n", topics));
        }
    }
}
