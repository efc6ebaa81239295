package io.odradek.core.coordination;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;

/** Names of principals and clients as Apache Kafka writes them into its tree: without a character that no node may have. */
public final class EncodedName {
    private EncodedName() {}

    /** {@return a name as it is written} */
    public static String of(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("*", "%2A");
    }

    /** {@return the name that was written; the text itself if that was none} */
    public static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException asItIs) {
            return text;
        }
    }
}
