package io.odradek.protocol.processor;

/** Java source, line by line, indented by its braces. */
final class SourceText {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** Adds a line; one that begins with a closing brace goes out a level, one that ends with an opening brace leads in. */
    SourceText line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        if (!line.isEmpty()) {
            text.append("    ".repeat(depth)).append(line);
        }
        text.append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
