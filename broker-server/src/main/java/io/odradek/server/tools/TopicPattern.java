package io.odradek.server.tools;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.internals.Topic;

/**
 * Which topics a regular expression means, as Kafka's tools take it: it matches whole names, a comma is an "or", blanks and quotes
 * around it count for nothing.
 */
public final class TopicPattern {
    private static final TopicPattern ALL = new TopicPattern(null);

    private final Pattern pattern;

    private TopicPattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * {@return what is meant}
     *
     * @param given the expression; null for all topics
     * @throws UsageException if it is none
     */
    public static TopicPattern of(String given) {
        if (given == null) {
            return ALL;
        }
        String expression = given.replace(" ", "").replace(',', '|').replaceAll("^[\"']+|[\"']+$", "");
        try {
            return new TopicPattern(Pattern.compile(expression));
        } catch (PatternSyntaxException wrong) {
            throw new UsageException("\"" + given + "\" is no regular expression: " + wrong.getDescription());
        }
    }

    /** {@return whether it means a topic} @param excludeInternal whether those of the brokers are not meant */
    public boolean matches(String topic, boolean excludeInternal) {
        return (pattern == null || pattern.matcher(topic).matches()) && !(excludeInternal && Topic.isInternal(topic));
    }
}
