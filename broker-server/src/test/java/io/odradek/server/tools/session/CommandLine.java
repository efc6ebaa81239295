package io.odradek.server.tools.session;

import java.util.ArrayList;
import java.util.List;

/**
 * What was typed behind a prompt.
 *
 * @param text as it was typed, its lines joined as the shell joins them
 * @param words its words, without quotes, {@code &} and where its input is from
 * @param input what stands below it up to {@code END}
 * @param inBackground whether it ended in {@code &}
 * @param writtenTo the file that its output goes to; null for none
 */
record CommandLine(String text, List<String> words, String input, boolean inBackground, String writtenTo) {
    /** {@return a line of the shell, of which this knows very little} @param input what stands below it */
    static CommandLine parse(String text, String input) {
        List<String> words = words(text.replaceAll("\\\\\\n\\s*", ""));
        words.remove("<<END");
        boolean inBackground = words.remove("&");
        int to = words.indexOf(">");
        String writtenTo = null;
        if (to >= 0) {
            writtenTo = words.remove(to + 1);
            words.remove(to);
        }
        return new CommandLine(text, List.copyOf(words), input, inBackground, writtenTo);
    }

    /** {@return whether lines belong to it that follow} */
    static boolean takesInput(String text) {
        return text.contains("<<END");
    }

    /** {@return the program} */
    String program() {
        return words.get(0);
    }

    /** {@return what it is called with} */
    List<String> arguments() {
        return words.subList(1, words.size());
    }

    /** {@return the word behind an option; null if it is not there} */
    String option(String name) {
        int at = words.indexOf(name);
        return at < 0 ? null : words.get(at + 1);
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : line.toCharArray()) {
            if (quote != 0 ? c == quote : c == '\'' || c == '"') {
                quote = quote == 0 ? c : 0;
                word = word == null ? new StringBuilder() : word;
            } else if (quote == 0 && c == ' ') {
                if (word != null) {
                    words.add(word.toString());
                }
                word = null;
            } else {
                word = (word == null ? new StringBuilder() : word).append(c);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
