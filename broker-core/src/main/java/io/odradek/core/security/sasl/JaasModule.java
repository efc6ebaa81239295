package io.odradek.core.security.sasl;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A login module of {@code sasl.jaas.config}, as Kafka's users write it: {@code name.of.a.Class required option="value"
 * other="value";}. The class is a name here, by which the mechanism knows that the options are meant for it.
 *
 * @param className the module's class
 * @param options its options, of which most are secrets
 */
public record JaasModule(String className, SortedMap<String, String> options) {
    private static final List<String> FLAGS = List.of("required", "requisite", "sufficient", "optional");
    private static final String END = "a semicolon at its end";

    /**
     * Reads a text of one or more modules.
     *
     * @throws IllegalArgumentException if it is none; the message has nothing of it: where a quotation mark is missing, what stands
     *     in the place of a name may be part of a password
     */
    public static List<JaasModule> read(String text) {
        Words words = new Words(text);
        List<JaasModule> modules = new ArrayList<>();
        while (words.hasNext()) {
            modules.add(one(words, "module " + (modules.size() + 1)));
        }
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("it has no login module");
        }
        return modules;
    }

    /** {@return the one module of a text; as {@link #read}, which is refused with more of them} */
    public static JaasModule readOne(String text) {
        List<JaasModule> modules = read(text);
        if (modules.size() > 1) {
            throw new IllegalArgumentException("it has " + modules.size() + " login modules where there can be one");
        }
        return modules.get(0);
    }

    private static JaasModule one(Words words, String which) {
        String className = words.next("the class of " + which);
        String flag = words.next("a flag after the class of " + which);
        if (!FLAGS.contains(flag.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(
                    "after the class of " + which + " has to come one of " + String.join(", ", FLAGS));
        }
        SortedMap<String, String> options = new TreeMap<>();
        int number = 1;
        for (String name = words.next(END); !name.equals(";"); name = words.next(END)) {
            String option = "option " + number++ + " of " + which;
            if (!words.next("a value of " + option).equals("=")) {
                throw new IllegalArgumentException(option + " has no value");
            }
            String value = words.next("a value of " + option);
            if (value.equals(";")) {
                throw new IllegalArgumentException(option + " has no value");
            }
            options.put(name, value);
        }
        return new JaasModule(className, Collections.unmodifiableSortedMap(options));
    }

    /** {@return an option, null if it is not set} */
    public String option(String name) {
        return options.get(name);
    }

    /** {@return the options whose names begin so, by what follows} */
    public Map<String, String> optionsOf(String prefix) {
        Map<String, String> found = new TreeMap<>();
        options.tailMap(prefix).forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), value);
            }
        });
        return found;
    }

    /** Without what the options say. */
    @Override
    public String toString() {
        return className + " " + options.keySet();
    }

    /** Words, quoted ones among them, equals signs and semicolons; comments as in Java are passed over. */
    private static final class Words {
        private final String text;
        private int position;

        Words(String text) {
            this.text = text;
        }

        boolean hasNext() {
            while (position < text.length()) {
                if (Character.isWhitespace(text.charAt(position))) {
                    position++;
                } else if (text.startsWith("//", position)) {
                    int end = text.indexOf('\n', position);
                    position = end < 0 ? text.length() : end;
                } else if (text.startsWith("/*", position)) {
                    int end = text.indexOf("*/", position + 2);
                    position = end < 0 ? text.length() : end + 2;
                } else {
                    return true;
                }
            }
            return false;
        }

        String next(String wanted) {
            if (!hasNext()) {
                throw new IllegalArgumentException("it ends where " + wanted + " has to come");
            }
            char first = text.charAt(position);
            if (first == '"' || first == '\'') {
                return quoted(first);
            }
            if (first == '=' || first == ';') {
                position++;
                return String.valueOf(first);
            }
            int start = position;
            while (position < text.length() && isOfWord(text.charAt(position))) {
                position++;
            }
            return text.substring(start, position);
        }

        private static boolean isOfWord(char c) {
            return !Character.isWhitespace(c) && c != '=' && c != ';' && c != '"';
        }

        private String quoted(char quote) {
            StringBuilder word = new StringBuilder();
            for (position++; position < text.length(); position++) {
                char c = text.charAt(position);
                if (c == quote) {
                    position++;
                    return word.toString();
                }
                if (c == '\\' && position + 1 < text.length()) {
                    position++;
                    c = unescaped(text.charAt(position));
                }
                word.append(c);
            }
            throw new IllegalArgumentException("it has a quotation mark that nothing closes");
        }

        private static char unescaped(char c) {
            return switch (c) {
                case 'n' -> '\n';
                case 't' -> '\t';
                case 'r' -> '\r';
                default -> c;
            };
        }
    }
}
