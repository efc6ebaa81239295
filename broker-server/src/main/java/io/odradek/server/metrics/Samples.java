package io.odradek.server.metrics;

import java.io.IOException;

/** Writes lines of Prometheus' text format. */
final class Samples {
    private final Appendable out;

    Samples(Appendable out) {
        this.out = out;
    }

    /** Begins a metric that nothing is said of. */
    void head(String name, String type) throws IOException {
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    /** Begins a metric. @param help what it is, null if nobody has said so */
    void head(String name, String type, String help) throws IOException {
        if (help != null) {
            out.append("# HELP ").append(name).append(' ');
            out.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
        }
        head(name, type);
    }

    /** @param labels as {@link #label} has made them */
    void add(String name, String labels, double value) throws IOException {
        out.append(name);
        if (!labels.isEmpty()) {
            out.append('{').append(labels).append('}');
        }
        out.append(' ').append(number(value)).append('\n');
    }

    /** Appends a label, if it has a value. */
    static void label(StringBuilder labels, String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        if (labels.length() > 0) {
            labels.append(',');
        }
        labels.append(word(name)).append("=\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> labels.append("\\\\");
                case '"' -> labels.append("\\\"");
                case '\n' -> labels.append("\\n");
                default -> labels.append(c);
            }
        }
        labels.append('"');
    }

    /** {@return a name with nothing in it but what Prometheus' names have} */
    static String word(String name) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = c < 128 && Character.isLetterOrDigit(c);
            word.append(plain ? c : '_');
        }
        return word.toString();
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
