package io.odradek.server.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is asked of an admin listener.
 *
 * @param segments the parts of the path between its slashes, decoded
 * @param query the parameters by name, decoded
 */
record AdminRequest(List<String> segments, Map<String, List<String>> query) {
    private static final int MOST_PARAMETERS = 32;

    /**
     * Reads the target of a request.
     *
     * @throws IllegalArgumentException if it is not encoded as it should be
     */
    static AdminRequest of(String target) {
        QueryStringDecoder decoder =
                QueryStringDecoder.builder().maxParams(MOST_PARAMETERS).build(target);
        List<String> segments = new ArrayList<>();
        for (String segment : decoder.rawPath().split("/")) {
            if (!segment.isEmpty()) {
                // In a path, a plus stands for itself.
                segments.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B")));
            }
        }
        return new AdminRequest(List.copyOf(segments), decoder.parameters());
    }

    /** {@return a part of the path, empty beyond its end} */
    String segment(int index) {
        return index < segments.size() ? segments.get(index) : "";
    }

    /** {@return a parameter, or the default where it is absent} */
    String text(String name, String absent) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? absent : values.get(values.size() - 1);
    }

    /**
     * {@return a parameter that is a number}
     *
     * @param absent what it is where it is absent
     */
    long number(String name, long least, long most, long absent) throws RefusedException {
        String text = text(name, "");
        if (text.isEmpty()) {
            return absent;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw refuse(name, least, most);
        }
        throw refuse(name, least, most);
    }

    private static RefusedException refuse(String name, long least, long most) {
        return new RefusedException(400, name + " is a number from " + least + " to " + most);
    }
}
