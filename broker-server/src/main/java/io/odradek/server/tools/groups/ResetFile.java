package io.odradek.server.tools.groups;

import io.odradek.server.tools.ToolException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/**
 * New positions as a file keeps them: lines of {@code TOPIC,PARTITION,OFFSET} for one group, or with the group before them. Names
 * may be in quotes.
 */
final class ResetFile {
    private static final Pattern FIELD = Pattern.compile("(?:\\s*\"((?:[^\"]|\"\")*+)\"\\s*|([^,\"]*))(?=,|$)");

    private ResetFile() {}

    /**
     * {@return the positions by group}
     *
     * @param file which
     * @param groups those that are meant: lines without a group are for the only one
     * @throws ToolException if it cannot be read, or says nothing of one of them
     */
    static Map<String, SortedMap<TopicPartition, Long>> read(String file, List<String> groups) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException | InvalidPathException absent) {
            throw new ToolException("There is no file " + file);
        } catch (IOException unreadable) {
            throw new ToolException(file + " cannot be read: " + unreadable.getMessage());
        }
        Map<String, SortedMap<TopicPartition, Long>> positions = new TreeMap<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String where = "Line " + (i + 1) + " of " + file;
                add(positions, groups, fields(lines.get(i), where), where);
            }
        }
        for (String group : groups) {
            if (!positions.containsKey(group)) {
                throw new ToolException("No reset plan for group " + group + " found in " + file);
            }
        }
        return positions;
    }

    private static void add(
            Map<String, SortedMap<TopicPartition, Long>> positions,
            List<String> groups,
            List<String> fields,
            String where) {
        int first = fields.size() - 3;
        if (first < 0 || first > 1 || first == 0 && groups.size() != 1) {
            throw new ToolException(where + " is not "
                    + (groups.size() == 1 ? "TOPIC,PARTITION,OFFSET" : "GROUP,TOPIC,PARTITION,OFFSET"));
        }
        String group = first == 0 ? groups.get(0) : fields.get(0);
        try {
            TopicPartition partition = new TopicPartition(fields.get(first), Integer.parseInt(fields.get(first + 1)));
            positions
                    .computeIfAbsent(group, name -> ResetPlan.empty())
                    .put(partition, Long.parseLong(fields.get(first + 2)));
        } catch (NumberFormatException wrong) {
            throw new ToolException(where + " has something else where a number should be");
        }
    }

    /** {@return what stands between commas; in quotes as it is, with two for one, else without blanks around it} */
    private static List<String> fields(String line, String where) {
        List<String> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        int at = 0;
        do {
            if (!field.region(at, line.length()).lookingAt()) {
                throw new ToolException(where + " has quotes that do not belong together");
            }
            String quoted = field.group(1);
            fields.add(
                    quoted != null
                            ? quoted.replace("\"\"", "\"")
                            : field.group(2).strip());
            at = field.end() + 1;
        } while (at <= line.length());
        return fields;
    }

    /** {@return the line of a position} @param group null to leave it out */
    static String line(String group, TopicPartition partition, long offset) {
        return (group == null ? "" : quotedIfNeeded(group) + ",") + quotedIfNeeded(partition.topic()) + ","
                + partition.partition() + "," + offset;
    }

    private static String quotedIfNeeded(String name) {
        return name.matches("[^,\"\\s]+") ? name : "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
