package io.odradek.server.embedded;

import io.odradek.protocol.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words for who has misspelled the name of an error. */
final class ErrorNames {
    private static final int MOST_SHOWN = 5;

    private ErrorNames() {}

    static String refusal(String name) {
        if (name != null && name.equals(ErrorCode.NONE.name())) {
            return "NONE is no error";
        }
        List<String> alike = alike(name);
        return "Kafka has no error named " + name
                + (alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?");
    }

    /** Those that share most words. */
    private static List<String> alike(String name) {
        List<String> best = new ArrayList<>();
        if (name == null) {
            return best;
        }
        List<String> words = List.of(name.toUpperCase(Locale.ROOT).split("[^A-Z]+"));
        long most = 1;
        for (ErrorCode error : ErrorCode.values()) {
            List<String> its = List.of(error.name().split("_"));
            long shared = its.stream().filter(words::contains).count();
            if (shared > most) {
                best.clear();
                most = shared;
            }
            if (shared == most && best.size() < MOST_SHOWN) {
                best.add(error.name());
            }
        }
        return best;
    }
}
