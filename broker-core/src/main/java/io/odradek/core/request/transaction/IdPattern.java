package io.odradek.core.request.transaction;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;

/**
 * A regular expression for transactional ids, in the syntax of RE2 (KIP-1152): it is matched in a time that grows with the length
 * of the id and the size of the pattern, whatever they are. That size is bounded here, as a short pattern may stand for
 * a very large one: {@code ((a{1000}){1000}){1000}}.
 */
final class IdPattern {
    private final Pattern pattern;

    private IdPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * {@return the pattern of a text}
     *
     * @param mostSize the largest {@link #size}
     * @throws ApiException INVALID_REGULAR_EXPRESSION
     */
    static IdPattern of(String text, int mostSize) {
        if (text.length() > mostSize || size(text, mostSize) > mostSize) {
            throw new ApiException(
                    ErrorCode.INVALID_REGULAR_EXPRESSION,
                    "The pattern is larger than " + mostSize + " with its repetitions written out");
        }
        try {
            return new IdPattern(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new ApiException(ErrorCode.INVALID_REGULAR_EXPRESSION, e.getMessage());
        }
    }

    /** {@return whether an id as a whole is as the pattern says} */
    boolean matches(String id) {
        return pattern.matches(id);
    }

    /**
     * {@return how many characters a pattern has at most when its counted repetitions are written out} One of a group counts for
     * all that is before it, so that groups need not be paired.
     *
     * @param enough beyond that nothing is counted
     */
    static long size(String text, int enough) {
        long whole = 0;
        long last = 0;
        int at = 0;
        while (at < text.length() && whole <= enough) {
            int end = text.charAt(at) == '{' ? text.indexOf('}', at) : -1;
            long times = end < 0 ? 0 : times(text.substring(at + 1, end));
            if (times > 0) {
                whole += last * (times - 1);
                last *= times;
                at = end + 1;
            } else {
                whole++;
                last = text.charAt(at) == ')' ? whole : 1;
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
        }
        return whole;
    }

    /** {@return the larger number of {@code 5}, {@code 5,} or {@code 5,7}; 0 of anything else} */
    private static long times(String count) {
        String[] bounds = count.split(",", 2);
        String larger = bounds.length == 2 && !bounds[1].isEmpty() ? bounds[1] : bounds[0];
        boolean isNumber =
                !larger.isEmpty() && larger.length() <= 9 && larger.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Long.parseLong(larger) : 0;
    }
}
