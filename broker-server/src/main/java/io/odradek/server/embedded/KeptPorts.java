package io.odradek.server.embedded;

import io.odradek.core.metadata.MetadataImage.Endpoint;
import java.util.Locale;
import java.util.SortedMap;

/** The ports that a broker's first life was given: its next ones listen there again, so that clients find them. */
final class KeptPorts {
    private KeptPorts() {}

    /**
     * {@return the listeners with the ports that they were given}
     *
     * @param listeners as they were asked for, port 0 for any free one
     * @param given where the broker came to listen, by listener name
     */
    static String in(String listeners, SortedMap<String, Endpoint> given) {
        StringBuilder kept = new StringBuilder();
        for (String listener : listeners.split(",")) {
            String text = listener.strip();
            int nameEnd = text.indexOf("://");
            Endpoint endpoint =
                    nameEnd < 0 ? null : given.get(text.substring(0, nameEnd).toUpperCase(Locale.ROOT));
            boolean free = text.endsWith(":0") && endpoint != null;
            kept.append(kept.isEmpty() ? "" : ",")
                    .append(free ? text.substring(0, text.length() - 1) + endpoint.port() : text);
        }
        return kept.toString();
    }
}
