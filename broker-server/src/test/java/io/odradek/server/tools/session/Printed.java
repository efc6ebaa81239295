package io.odradek.server.tools.session;

import io.odradek.server.tools.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a tool printed, as a transcript has it: standard output, standard error behind {@code 2>}, and a status that is not 0. */
final class Printed {
    /** What is different each time has here the same width, as tables are as wide as it. */
    private enum Mask {
        UUID("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000"),
        TOPIC_ID("TopicId: [A-Za-z0-9_-]{22}", "TopicId: 0000000000000000000000"),
        LOG_TIME("^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}\\]", "[0000-00-00 00:00:00,000]"),
        RECORD_TIME("(CreateTime|LogAppendTime):( ?)\\d{13}", "$1:$20000000000000"),
        CHECKSUM("crc: \\d+", "crc: 0"),
        /** A record is a byte longer when it is that much younger than the first of its batch. */
        SIZE("(\"?size\"?|position):( ?)\\d+", "$1:$20");

        private final Pattern pattern;
        private final String replacement;

        Mask(String pattern, String replacement) {
            this.pattern = Pattern.compile(pattern);
            this.replacement = replacement;
        }
    }

    /** Where Kafka's tools begin to explain all of their options. */
    private static final Pattern USAGE = Pattern.compile("^(Option  |usage: ).*");

    private static final Pattern STACK = Pattern.compile("^\\s+at .*|^Caused by: .*|^\\s+\\.\\.\\. \\d+ more");

    /** Options, which newer tools name in the order of a hash table. */
    private static final Pattern BRACKETS = Pattern.compile("\\[[a-z-]+](, \\[[a-z-]+])+");

    private static final String AND_SO_ON = "...";

    private Printed() {}

    /** {@return the lines} @param places what in the output is another in each run */
    static List<String> lines(ToolCall call, Places places) {
        List<String> lines = new ArrayList<>(stream(places.named(call.out()), ""));
        lines.addAll(stream(places.named(call.err()), "2> "));
        if (call.status() != 0) {
            lines.add("(exit status " + call.status() + ")");
        }
        return lines;
    }

    private static List<String> stream(String output, String prefix) {
        List<String> lines = new ArrayList<>();
        for (String line : output.lines().toList()) {
            if (USAGE.matcher(line).matches()) {
                lines.add(prefix + AND_SO_ON);
                break;
            }
            if (!STACK.matcher(line).matches()) {
                lines.add((prefix + masked(line)).stripTrailing());
            } else if (!lines.get(lines.size() - 1).equals(prefix + AND_SO_ON)) {
                lines.add(prefix + AND_SO_ON);
            }
        }
        while (!lines.isEmpty() && lines.get(lines.size() - 1).equals(prefix.strip())) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static String masked(String line) {
        String masked = line;
        for (Mask mask : Mask.values()) {
            masked = mask.pattern.matcher(masked).replaceAll(mask.replacement);
        }
        return BRACKETS.matcher(masked)
                .replaceAll(
                        found -> Stream.of(found.group().split(", ")).sorted().collect(Collectors.joining(", ")));
    }
}
