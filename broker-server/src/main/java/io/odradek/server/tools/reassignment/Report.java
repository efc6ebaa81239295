package io.odradek.server.tools.reassignment;

import io.odradek.server.json.Json;
import io.odradek.server.tools.Terminal;

/**
 * What is told of moves: in Kafka's words, or as a JSON object a line.
 *
 * @param terminal where
 * @param json whether as JSON
 */
record Report(Terminal terminal, boolean json) {
    /** Tells it in words, if words are asked for. */
    void text(String words) {
        if (!json) {
            terminal.line(words);
        }
    }

    /** Tells it as JSON, if that is asked for. @param namesAndValues names of fields and their values in turn */
    void object(Object... namesAndValues) {
        if (json) {
            terminal.line(Json.text(Json.object(namesAndValues)));
        }
    }
}
