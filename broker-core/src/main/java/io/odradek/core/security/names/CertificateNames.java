package io.odradek.core.security.names;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Makes names of principals of the distinguished names of certificates, by {@code ssl.principal.mapping.rules} (KIP-371): the
 * first rule that applies says the name. {@code DEFAULT} leaves it as it is; {@code RULE:pattern/replacement/} applies where the
 * whole name matches, and puts in what the groups {@code $1}, {@code $2}... have matched; {@code L} or {@code U} at its end
 * turns that into lower or upper case. A slash within a pattern or a replacement has a backslash before it. Immutable.
 */
public final class CertificateNames {
    private static final String ALWAYS = "DEFAULT";
    private static final String RULE = "RULE:";
    private static final Pattern REFERENCE = Pattern.compile("\\$([1-9]\\d*)");

    private final List<Rule> rules;

    private CertificateNames(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** @param pattern null for one that leaves every name as it is */
    private record Rule(Pattern pattern, String replacement, char inCase) {
        String apply(String name) {
            if (pattern == null) {
                return name;
            }
            Matcher matcher = pattern.matcher(name);
            if (!matcher.matches()) {
                return null;
            }
            String made = matcher.replaceAll(literalBeyond(matcher.groupCount()));
            return switch (inCase) {
                case 'L' -> made.toLowerCase(Locale.ENGLISH);
                case 'U' -> made.toUpperCase(Locale.ENGLISH);
                default -> made;
            };
        }

        /** What refers to a group that the pattern does not have is no reference, unless it has none at all. */
        private String literalBeyond(int groups) {
            return groups == 0
                    ? replacement
                    : REFERENCE
                            .matcher(replacement)
                            .replaceAll(reference -> Matcher.quoteReplacement(
                                    refersTo(reference.group(1), groups)
                                            ? reference.group()
                                            : "\\" + reference.group()));
        }

        private static boolean refersTo(String number, int groups) {
            return number.charAt(0) - '0' <= groups;
        }
    }

    /**
     * Reads rules.
     *
     * @throws IllegalArgumentException if they are none; its message says which, and why
     */
    public static CertificateNames read(String text) {
        return new CertificateNames(new Reader(text).rules());
    }

    /** {@return the name of the principal of a certificate, null if no rule applies} @param distinguishedName as RFC 2253 has it */
    public String of(String distinguishedName) {
        try {
            for (Rule rule : rules) {
                String name = rule.apply(distinguishedName);
                if (name != null) {
                    return name;
                }
            }
            return null;
        } catch (IndexOutOfBoundsException | IllegalArgumentException noSuchGroup) {
            return null;
        }
    }

    /** Reads rules from left to right: a comma within a pattern ends none. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        List<Rule> rules() {
            List<Rule> rules = new ArrayList<>();
            while (at <= text.length()) {
                skipBlanks();
                int from = at;
                if (text.startsWith(RULE, at)) {
                    rules.add(rule(from));
                } else if (isDefault()) {
                    rules.add(new Rule(null, null, ' '));
                }
                skipBlanks();
                if (at < text.length() && text.charAt(at) != ',') {
                    throw bad(
                            from, "a rule is DEFAULT or RULE:pattern/replacement/, with L or U at its end or without");
                }
                at++;
            }
            return rules;
        }

        private boolean isDefault() {
            boolean is = text.startsWith(ALWAYS, at);
            at += is ? ALWAYS.length() : 0;
            return is;
        }

        private Rule rule(int from) {
            at += RULE.length();
            String pattern = toSlash(from);
            String replacement = toSlash(from);
            char inCase = at < text.length() && "LU".indexOf(text.charAt(at)) >= 0 ? text.charAt(at++) : ' ';
            try {
                return new Rule(Pattern.compile(pattern), replacement, inCase);
            } catch (PatternSyntaxException bad) {
                throw bad(from, "its pattern is none: " + bad.getDescription());
            }
        }

        private String toSlash(int from) {
            int begin = at;
            while (at < text.length() && text.charAt(at) != '/') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            if (at >= text.length()) {
                throw bad(from, "it lacks a slash: RULE:pattern/replacement/");
            }
            return text.substring(begin, at++);
        }

        private void skipBlanks() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private IllegalArgumentException bad(int from, String why) {
            return new IllegalArgumentException("'" + text.substring(from) + "': " + why);
        }
    }
}
