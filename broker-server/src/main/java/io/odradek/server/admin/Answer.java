package io.odradek.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.server.json.Json;
import java.util.Map;

/**
 * An answer of an admin listener.
 *
 * @param status the HTTP status
 * @param type the type of the body
 * @param body the body
 * @param headers headers beyond those that every answer has
 */
record Answer(int status, String type, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json; charset=utf-8";

    static Answer json(Map<String, ?> object) {
        return json(200, object);
    }

    static Answer json(int status, Map<String, ?> object) {
        return new Answer(status, JSON, (Json.text(object) + "\n").getBytes(UTF_8), Map.of());
    }

    /** Why there is nothing else to answer. */
    static Answer error(int status, String message) {
        return json(status, Json.object("error", message));
    }

    Answer with(String header, String value) {
        return new Answer(status, type, body, Map.of(header, value));
    }
}
