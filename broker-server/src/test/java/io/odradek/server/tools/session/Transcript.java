package io.odradek.server.tools.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A session at a terminal: what was typed, and what came of it with each set of tools. Lines that begin with {@code #} are
 * about what follows, those with {@code $} were typed, and all others were printed: by all sets, or by those whose names
 * are before the line in brackets. What is printed {@link #IN_ANY_ORDER} may come so.
 */
final class Transcript {
    static final String IN_ANY_ORDER = "(in any order)";
    private static final Pattern MARKED = Pattern.compile("^\\[([a-z0-9., ]+)\\] ?(.*)");

    /**
     * A part of it.
     *
     * @param before comments and empty lines before it
     * @param typed what was typed; null at the end
     * @param printed what is below it
     */
    record Part(List<String> before, CommandLine typed, List<String> printed) {
        /** {@return what one set of tools is to print} */
        List<String> expectedOf(String set) {
            List<String> lines = new ArrayList<>();
            for (String line : printed) {
                Matcher marked = MARKED.matcher(line);
                if (!marked.matches()) {
                    lines.add(line);
                } else if (List.of(marked.group(1).split(", ")).contains(set)) {
                    lines.add(marked.group(2));
                }
            }
            lines.remove(IN_ANY_ORDER);
            return lines;
        }

        boolean isInAnyOrder() {
            return printed.contains(IN_ANY_ORDER);
        }
    }

    private final List<Part> parts = new ArrayList<>();

    /** {@return one that was written down} */
    static Transcript parse(String text) {
        Transcript transcript = new Transcript();
        Iterator<String> lines = text.lines().iterator();
        List<String> before = new ArrayList<>();
        List<String> printed = null;
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("$ ")) {
                before.addAll(0, takenBack(printed));
                printed = new ArrayList<>();
                transcript.parts.add(new Part(before, typed(line.substring(2), lines), printed));
                before = new ArrayList<>();
            } else if (printed == null || !before.isEmpty() || line.startsWith("# ")) {
                before.addAll(takenBack(printed));
                before.add(line);
            } else {
                printed.add(line);
            }
        }
        takenBack(printed);
        return transcript;
    }

    /** {@return the empty lines at the end of what was printed, which separate it from what follows} */
    private static List<String> takenBack(List<String> printed) {
        List<String> empty = new ArrayList<>();
        while (printed != null
                && !printed.isEmpty()
                && printed.get(printed.size() - 1).isEmpty()) {
            empty.add(printed.remove(printed.size() - 1));
        }
        return empty;
    }

    private static CommandLine typed(String first, Iterator<String> lines) {
        String text = first;
        while (text.endsWith("\\")) {
            text += "\n" + lines.next();
        }
        StringBuilder input = new StringBuilder();
        if (CommandLine.takesInput(text)) {
            for (String line = lines.next(); !line.equals("END"); line = lines.next()) {
                input.append(line).append('\n');
            }
        }
        return CommandLine.parse(text, input.toString());
    }

    List<Part> parts() {
        return parts;
    }

    /** {@return it with what each set has really printed, part by part} */
    String recorded(Map<String, List<List<String>>> ofSets) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            part.before().forEach(line -> text.append(line).append('\n'));
            text.append("$ ").append(part.typed().text()).append('\n');
            if (CommandLine.takesInput(part.typed().text())) {
                text.append(part.typed().input()).append("END\n");
            }
            Map<String, List<String>> printed = new LinkedHashMap<>();
            for (Map.Entry<String, List<List<String>>> set : ofSets.entrySet()) {
                printed.put(set.getKey(), set.getValue().get(i));
            }
            merged(printed).forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }

    /** What all begin and end with alike is said once. */
    private static List<String> merged(Map<String, List<String>> printed) {
        List<List<String>> all = List.copyOf(printed.values());
        List<String> first = all.get(0);
        if (all.stream().distinct().count() > 1
                && all.stream()
                                .map(lines -> lines.stream().sorted().toList())
                                .distinct()
                                .count()
                        == 1) {
            List<String> merged = new ArrayList<>(first);
            merged.add(IN_ANY_ORDER);
            return merged;
        }
        int shortest = all.stream().mapToInt(List::size).min().orElseThrow();
        int head = 0;
        while (head < shortest && sameAt(all, head)) {
            head++;
        }
        int tail = 0;
        while (tail < shortest - head && sameAt(all, -1 - tail)) {
            tail++;
        }
        List<String> merged = new ArrayList<>(first.subList(0, head));
        Map<List<String>, Set<String>> middles = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> set : new TreeMap<>(printed).entrySet()) {
            List<String> middle = set.getValue().subList(head, set.getValue().size() - tail);
            middles.computeIfAbsent(middle, key -> new TreeSet<>()).add(set.getKey());
        }
        middles.forEach((middle, sets) -> {
            String mark = sets.stream().collect(Collectors.joining(", ", "[", "] "));
            middle.forEach(line -> merged.add((mark + line).stripTrailing()));
        });
        merged.addAll(first.subList(first.size() - tail, first.size()));
        return merged;
    }

    private static boolean sameAt(List<List<String>> all, int index) {
        return all.stream()
                        .map(lines -> lines.get(index < 0 ? lines.size() + index : index))
                        .distinct()
                        .count()
                == 1;
    }
}
